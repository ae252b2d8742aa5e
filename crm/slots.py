"""What customer care adds elsewhere: birthday and lists go along when two records become one; an offer's
page says how far it got."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from coupons.groups import keeps_groups
from coupons.models import CouponProgramme
from crm.groups import Segments
from crm.models import Membership, NotedBirthday, Segment, Tagging
from crm.results.funnel import whole_of
from crm.results.outcomes import few
from crm.segments import members, size_of
from merchants.trust.along import goes_along
from portal.kernel.slots import fills

goes_along(NotedBirthday, of="customer", unless_there=("merchant_id",))
goes_along(Tagging, of="customer", unless_there=("tag_id",))
# What has ended stays with the record it was about; on a list that both are on, one is enough.
goes_along(
    Membership,
    of="customer",
    only="""t.until IS NULL AND NOT EXISTS (
        SELECT FROM crm_membership there WHERE there.customer_id = %(survivor)s
          AND there.segment_id = t.segment_id AND there.until IS NULL)""",
)


keeps_groups(Segments())


@fills("coupons.audience")
def audience(request: HttpRequest, *, programme: CouponProgramme, **inputs: Any) -> str:
    """Whom a coupon for a segment or list is for, and how many these are now."""
    key = programme.terms.segment
    segment = Segment.objects.filter(pk=key).select_related("merchant").first() if key else None
    if segment is None:
        return ""
    size = size_of(members(segment, timezone.now()))
    context = {"segment": segment, "all": few(size.all), "reachable": few(size.reachable)}
    return render_to_string("crm/audience_slot.html", context, request)


@fills("coupons.results")
def results(request: HttpRequest, *, programme: CouponProgramme, **inputs: Any) -> str:
    context = {"programme": programme, "whole": whole_of(programme)}
    return render_to_string("crm/funnel_slot.html", context, request)
