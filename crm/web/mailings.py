"""What the shop sent to many: reach, what waits, what was not sent and why; and Stop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.results.effect import told_of_effect
from crm.results.outcomes import few, outcome_of, title_of
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from messaging.actions import stop_mailing
from messaging.kinds import known_kinds
from messaging.models import Mailing
from portal.kernel.access import allow
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)


@allow(GET=manager)
def mailings(request: MerchantRequest, merchant: str) -> HttpResponse:
    page = page_of(Mailing.objects.of(request.merchant.pk).filter(kind__in=known_kinds()), request)
    rows = [(mailing, title_of(mailing), few(mailing.chosen)) for mailing in page]
    return render_page(request, "crm/mailings.html", {"rows": rows, "more": page.more})


@allow(GET=manager)
def mailing(request: MerchantRequest, merchant: str, mailing: int) -> HttpResponse:
    """Asks again by itself while messages are going out."""
    ours = _ours(request, mailing)
    context = {"outcome": outcome_of(ours)} | told_of_effect(ours, moment=timezone.now())
    return render_page(request, "crm/mailing.html", context, fragment="outcome")


@allow(POST=manager)
def stop(request: MerchantRequest, merchant: str, mailing: int) -> HttpResponse:
    stop_mailing(_ours(request, mailing))
    messages.success(request, _("Stopped. What had left already arrives."))
    return redirect("crm:mailing", merchant, mailing)


def _ours(request: MerchantRequest, mailing: int) -> Mailing:
    return get_object_or_404(Mailing.objects.of(request.merchant.pk), pk=mailing, kind__in=known_kinds())
