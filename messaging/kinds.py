"""The kinds of messages there are: each app registers its own with texts and purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from messaging.models import TRANSACTIONAL, Channel, Priority, Purpose
from portal.kernel import dates
from portal.kernel.forms import clean_text

# What a locked screen may show: no name, no amount, no shop.
HEADLINES = {
    Purpose.ACCOUNT: _("About your account"),
    Purpose.MONEY: _("About a purchase or a card of yours"),
    Purpose.CASE: _("News in your complaint"),
    Purpose.COUPONS: _("About one of your coupons"),
    Purpose.TALK: _("A message in one of your conversations"),
    Purpose.REVIEWS: _("About a review"),
    Purpose.FOLLOWED: _("News from a shop that you follow"),
    Purpose.DEALS: _("A deal near you"),
    Purpose.CARE: _("A greeting from a shop that knows you"),
    Purpose.PLATFORM: _("News from Street Corner"),
}


@dataclass(frozen=True)
class Thread:
    """Where a mail belongs for the receiver's mail program, and where an answer to it goes.

    ``name`` stands in its Message-ID and in those of everything that answers it; ``label`` stands in its
    subject; ``answers`` is the Message-ID of somebody else's mail that it replies to.
    """

    name: str
    label: str = ""
    reply_to: str = ""
    answers: str = ""


@dataclass(frozen=True)
class Kind:
    """``title`` and ``body`` are lazy translated sentences with named placeholders ``%(shop)s``.

    They are filled in when the message is shown or sent, in the receiver's language. ``template``
    names the text registered with the SMS provider; without it the kind's name is used. ``outside``
    makes of the message's link the one that opens without signing in, when the message leaves the house;
    ``thread`` makes of link and values the thread that its mail belongs to.
    """

    name: str
    purpose: Purpose
    title: Any
    body: Any
    channels: tuple[Channel, ...] = (Channel.INBOX, Channel.PUSH)
    priority: Priority | None = None
    template: str = ""
    outside: Callable[[str], str] | None = None
    thread: Callable[[str, dict[str, Any]], Thread] | None = None

    @property
    def is_marketing(self) -> bool:
        return self.purpose not in TRANSACTIONAL

    @property
    def queue(self) -> Priority:
        if self.priority is not None:
            return self.priority
        if self.purpose == Purpose.ACCOUNT:
            return Priority.URGENT
        return Priority.BULK if self.is_marketing else Priority.DEFAULT

    def written(self, params: dict[str, Any]) -> tuple[str, str]:
        """Title and body in the active language. KeyError when a placeholder has no value."""
        values = readable(params)
        return str(self.title) % values, (str(self.body) % values).strip()  # a value may be nothing


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"two kinds of message are called {kind.name}")
    _kinds[kind.name] = kind
    return kind


def kind_called(name: str) -> Kind:
    return _kinds[name]


def known_kinds() -> list[str]:
    return list(_kinds)


def storable(params: dict[str, Any]) -> dict[str, Any]:
    """Times and dates become plain values that say what they are; text loses what turns a line around."""
    return {name: _plain(value) for name, value in params.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return clean_text(value) if isinstance(value, str) else value


def readable(params: dict[str, Any]) -> dict[str, Any]:
    """Times and dates as the active language and zone write them."""
    return {name: _shown(value) for name, value in params.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, dict) and (moment := parse_datetime(value.get("time", ""))):
        return dates.date_and_time(moment)
    if isinstance(value, dict) and (day := parse_date(value.get("date", ""))):
        return dates.day(day)
    return value
