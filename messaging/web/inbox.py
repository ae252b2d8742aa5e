"""What a person was told, newest first, by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from messaging import actions
from messaging.kinds import kind_called, known_kinds
from messaging.models import Channel, Message, Purpose
from messaging.parcels import link_of
from portal.kernel import dates
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.web import render_page

PAGE = 50


ICONS = {
    Purpose.ACCOUNT: "key",
    Purpose.MONEY: "receipt",
    Purpose.CASE: "chat",
    Purpose.COUPONS: "ticket",
    Purpose.TALK: "chat",
    Purpose.REVIEWS: "star",
    Purpose.FOLLOWED: "shop",
    Purpose.DEALS: "megaphone",
    Purpose.CARE: "heart",
    Purpose.PLATFORM: "corner",
}


class Line:
    """A message as the inbox shows it, in the reader's language."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.title, self.body = kind_called(message.kind).written(message.params)
        self.url = link_of(message, Channel.INBOX)
        self.icon = ICONS[Purpose(message.purpose)]
        self.is_new = message.read_at is None


@dataclass(frozen=True)
class Day:
    name: str
    lines: list[Line]


def _name(day: date) -> str:
    if day == timezone.localdate():
        return pgettext("day", "Today")
    if day == timezone.localdate() - timedelta(days=1):
        return pgettext("day", "Yesterday")
    return dates.day(day)


def by_day(messages: Iterable[Message]) -> list[Day]:
    """In the reader's own zone, newest first."""
    days = groupby(messages, key=lambda message: timezone.localdate(message.created_at))
    return [Day(_name(day), [Line(message) for message in of_day]) for day, of_day in days]


@allow(GET=signed_in)
@never_cache
def inbox(request: SignedInRequest) -> HttpResponse:
    """``?before=<id>`` goes on where the last page ended."""
    mine = Message.objects.of(request.user).in_inbox().filter(kind__in=known_kinds()).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        mine = mine.filter(pk__lt=int(before))
    found = list(mine[: PAGE + 1])
    context = {
        "days": by_day(found[:PAGE]),
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "any_unread": any(message.read_at is None for message in found),
    }
    return render_page(request, "messaging/inbox.html", context)


@allow(POST=signed_in)
def read_all(request: SignedInRequest) -> HttpResponse:
    actions.mark_read(request.user)
    return redirect("messaging:inbox")


@allow(POST=signed_in)
def read_one(request: SignedInRequest, message: int) -> HttpResponse:
    """Told by the inbox page when a message is opened; somebody else's is left as it is."""
    actions.mark_read(request.user, message)
    return HttpResponse(status=204)
