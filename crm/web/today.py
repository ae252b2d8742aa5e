"""The merchant's front page: how today goes, what waits, one suggestion if there is an honest one."""

from django.http import HttpResponse
from django.utils import timezone

from complaints.models import Complaint
from consumers.models import Review
from crm.beginning import beginning_of
from crm.quiet_time import lull_ahead
from crm.regulars import regulars_of
from crm.today import today_of
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.web import render_page


@allow(GET=merchant_staff(Role.CASHIER))
def today(request: MerchantRequest, merchant: str) -> HttpResponse:
    """A cashier sees the own takings of the day; the business's money is for managers."""
    moment, ours = timezone.now(), request.merchant
    numbers = today_of(ours, by=request.user, moment=moment)
    context = {
        "now": moment,
        "numbers": numbers,
        "compares": numbers.has_a_week_behind(moment),
    }
    if request.role.covers(Role.MANAGER):
        context |= {
            "manages": True,
            "owns": request.role.covers(Role.OWNER),
            "unanswered_reviews": Review.objects.of(ours).unanswered().count(),
            "open_complaints": Complaint.objects.about(ours).still_open().count(),
            "regulars": regulars_of(ours, moment),
            "beginning": beginning_of(ours),
            "lull": lull_ahead(ours, moment),
        }
    return render_page(request, "crm/today.html", context)
