"""Which way a visitor came to an offer; counting them once a day without knowing who they are."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from coupons.actions import count_sighting
from coupons.models import CouponProgramme, Via
from merchants.models import StaffMember
from portal.kernel.limits import Limit, take
from portal.kernel.models import User
from portal.kernel.via import way_of
from portal.kernel.web.pages import client_address

COOKIE, REMEMBERED, DAY = "offers-seen", 40, 86_400
UNKNOWN_BROWSERS = Limit("offers seen", most=300, seconds=3600)  # per address; a town may share one
#: What fetches pages without anybody looking at them says so; what says nothing at all is no browser.
MACHINE = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|externalhit|embedly|monitor|lighthouse|curl|wget|python|java/|go-http",
    re.IGNORECASE,
)


def came_by(request: HttpRequest, programme: CouponProgramme) -> Via:
    """By the mark in the address; one that isn't ours, or none, is a plain link."""
    path = reverse("coupons:offer", args=[programme.token])
    return Via(way_of(path, request.GET.get("via", "")[:20], Via.values) or Via.LINK)


def counted(
    request: HttpRequest, programme: CouponProgramme, answer: HttpResponse, *, via: Via | None = None
) -> HttpResponse:
    """Count the visitor unless they were today; their own browser remembers that, for a day."""
    day = datetime.now(ZoneInfo(programme.merchant.zone)).date()
    known = _known(request, day.isoformat())
    if programme.token in known or not _is_somebody(request, programme):
        return answer
    person = request.user if isinstance(request.user, User) else None
    if person is None and not take(UNKNOWN_BROWSERS, client_address(request)):
        return answer
    count_sighting(programme, day=day, via=via or came_by(request, programme), person=person)
    value = ".".join([day.isoformat(), *known[-REMEMBERED:], programme.token])
    answer.set_cookie(COOKIE, value, DAY, secure=settings.OVER_TLS, httponly=True, samesite="Lax")
    return answer


def _known(request: HttpRequest, day: str) -> list[str]:
    """The offers that this browser was counted for on this day."""
    said, *tokens = request.COOKIES.get(COOKIE, "").split(".")
    return tokens if said == day else []


def _is_somebody(request: HttpRequest, programme: CouponProgramme) -> bool:
    """A browser with somebody before it, who doesn't work for the merchant."""
    agent, purpose = request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    if not agent or MACHINE.search(agent) or "prefetch" in purpose:
        return False
    if not request.user.is_authenticated:
        return True
    staff = StaffMember.objects.current().filter(merchant=programme.merchant_id, user=request.user.pk)
    return not staff.exists()
