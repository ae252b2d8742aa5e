"""What customer care adds elsewhere: birthday and lists go along when two records become one; an offer's
page says how far it got."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from coupons.models import CouponProgramme
from crm.funnel import whole_of
from crm.models import Membership, NotedBirthday
from merchants.along import goes_along
from portal.kernel.slots import fills

goes_along(NotedBirthday, of="customer", unless_there=("merchant_id",))
# What has ended stays with the record it was about; on a list that both are on, one is enough.
goes_along(
    Membership,
    of="customer",
    only="""t.until IS NULL AND NOT EXISTS (
        SELECT FROM crm_membership there WHERE there.customer_id = %(survivor)s
          AND there.segment_id = t.segment_id AND there.until IS NULL)""",
)


@fills("coupons.results")
def results(request: HttpRequest, *, programme: CouponProgramme, **inputs: Any) -> str:
    context = {"programme": programme, "whole": whole_of(programme)}
    return render_to_string("crm/funnel_slot.html", context, request)
