"""What a person was told, newest first, by day."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from messaging import actions
from messaging.kinds import kind_called, known_kinds
from messaging.models import Message
from portal.kernel.access import allow, signed_in
from portal.kernel.web import render_page

PAGE = 50


class Line:
    """A message as the inbox shows it, in the reader's language."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.title, self.body = kind_called(message.kind).written(message.params)
        self.day: date = timezone.localdate(message.created_at)


def by_day(messages: Iterable[Message]) -> list[tuple[date, list[Line]]]:
    lines = (Line(message) for message in messages)
    return [(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: line.day)]


@allow(GET=signed_in)
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """``?before=<id>`` goes on where the last page ended."""
    mine = Message.objects.of(request.user).in_inbox().filter(kind__in=known_kinds()).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        mine = mine.filter(pk__lt=int(before))
    found = list(mine[: PAGE + 1])
    context = {
        "days": by_day(found[:PAGE]),
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "any_unread": any(message.read_at is None for message in found),
        "today": timezone.localdate(),
    }
    return render_page(request, "messaging/inbox.html", context, fragment="inbox")


@allow(POST=signed_in)
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_read(request.user)
    return redirect("messaging:inbox")


@allow(POST=signed_in)
def read_one(request: HttpRequest, message: int) -> HttpResponse:
    """Told by the inbox page when a message is opened; somebody else's is left as it is."""
    actions.mark_read(request.user, message)
    return HttpResponse(status=204)
