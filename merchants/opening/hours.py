"""Opening hours: OpenStreetMap's syntax underneath, evaluated in the shop's own zone.

Syntax: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification, read by
opening-hours-py. What a shop keeps beside its text is one opening, the current or the next,
so that "open now" is one indexed comparison and only due rows are worked out again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from merchants.opening.special import USUAL, Special, over
from portal.kernel.refused import Refused

LONGEST = 500  # characters, as the column
HORIZON = 366  # days: what doesn't change within a year counts as never changing
ALWAYS = timedelta(days=30)  # how far ahead a shop that never closes is noted down
NEVER_CLOSES = timedelta(days=8)  # longer than any week's worth of hours
SOON = timedelta(minutes=30)


class HoursNotUnderstood(Refused):
    sentence = _(
        "These hours can't be read: %(text)s. Write days and times like Mo-Sa 10:00-21:00; Su off, "
        "or use the table above."
    )


class Opening(NamedTuple):
    """The current opening or the next one; ``next_change_at`` is when it has to be worked out again."""

    opens_at: datetime | None
    closes_at: datetime | None
    next_change_at: datetime | None


@lru_cache(maxsize=4096)  # a million listings share a few thousand texts
def _read(text: str, zone: str) -> OpeningHours:
    return OpeningHours(text, timezone=ZoneInfo(zone), max_interval_days=HORIZON)


def understood(text: str) -> str:
    """The text without needless spaces. Raises HoursNotUnderstood when it isn't OSM syntax."""
    plain = " ".join(text.split())
    if not plain:
        return ""
    try:
        if len(plain) > LONGEST:
            raise HoursNotUnderstood(text=plain[:40] + "…")
        _read(plain, "UTC")
    except (ParserError, ValueError) as fault:
        raise HoursNotUnderstood(text=plain[:40]) from fault
    return plain


def openings(
    text: str, zone: str, start: datetime, special: Special = USUAL
) -> Iterator[tuple[datetime, datetime | None]]:
    """Every opening that isn't over before ``start``'s day, in order and in the shop's zone."""
    local = start.astimezone(ZoneInfo(zone))
    midnight = datetime.combine(local.date() - timedelta(days=1), time(), local.tzinfo)
    rows = _read(text, zone).intervals(midnight) if text else iter(())
    usual = ((opens, closes) for opens, closes, state, _note in rows if state is State.OPEN)
    return over(usual, special, midnight)


def opening(text: str, zone: str, moment: datetime, special: Special = USUAL) -> Opening:
    """The opening at ``moment`` or the first after it, in UTC-aware times. All None for no or no more hours.

    An opening whose end is open (24/7) is noted for the next thirty days and looked at again
    a day before they are over.
    """
    if not text and special is USUAL:
        return Opening(None, None, None)
    moment = moment.astimezone(ZoneInfo(zone))
    for start, end in openings(text, zone, moment, special):
        if end is not None and end <= moment:
            continue
        if end is None or end - moment > ALWAYS:
            return Opening(
                start, max(start, moment) + ALWAYS, max(start, moment) + ALWAYS - timedelta(days=1)
            )
        return Opening(start, end, end)
    return Opening(None, None, None)


@dataclass(frozen=True)
class OpenState:
    """What ``<c-open-state>`` shows: the state's name, the time in words, a note."""

    state: str
    at: Any = ""
    note: Any = ""


def shown(
    text: str,
    zone: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    moment: datetime,
    special: Special = USUAL,
) -> OpenState:
    """The words for a shop's door at ``moment``, all times in the shop's own zone."""
    local = moment.astimezone(ZoneInfo(zone))
    if special.is_away(local.date()) and special.back_on and not _runs_on(opens_at, closes_at, moment):
        return OpenState("paused", _on_day(special.back_on, local.date()))
    if not text and special is USUAL:
        return OpenState("unknown")
    if opens_at is None or closes_at is None:
        return OpenState("closed")
    opens, closes = opens_at.astimezone(ZoneInfo(zone)), closes_at.astimezone(ZoneInfo(zone))
    if closes <= local:  # the minute between closing and the next sweep
        ahead = opening(text, zone, moment, special)
        return shown(text, zone, ahead.opens_at, ahead.closes_at, moment, special)
    if opens <= local:
        label = special.labelled(opens.date())
        if closes - opens >= NEVER_CLOSES:
            return OpenState("open", note=_("24 hours"))
        return OpenState("closing" if closes - local <= SOON else "open", _until(closes, local), label)
    label = special.labelled(local.date())
    if opens - local <= SOON:
        return OpenState("opening", f"{opens:%H:%M}", label)
    resting = opens.date() != local.date() and not _was_open_today(text, zone, local, special)
    return OpenState("closed_today" if resting else "closed", _from(opens, local), label)


def _runs_on(opens_at: datetime | None, closes_at: datetime | None, moment: datetime) -> bool:
    """The last night before being away may end after midnight."""
    return bool(opens_at and closes_at and opens_at <= moment < closes_at)


def _was_open_today(text: str, zone: str, local: datetime, special: Special) -> bool:
    return any(
        opens.date() == local.date()
        for opens, _closes in _before(openings(text, zone, local, special), local)
    )


def _before(
    rows: Iterator[tuple[datetime, datetime | None]], local: datetime
) -> Iterator[tuple[datetime, datetime | None]]:
    for row in rows:
        if row[0] > local:
            return
        yield row


WEEKDAYS = (
    pgettext_lazy("hours", "Mon"),
    pgettext_lazy("hours", "Tue"),
    pgettext_lazy("hours", "Wed"),
    pgettext_lazy("hours", "Thu"),
    pgettext_lazy("hours", "Fri"),
    pgettext_lazy("hours", "Sat"),
    pgettext_lazy("hours", "Sun"),
)


def _until(closes: datetime, local: datetime) -> Any:
    clock = f"{closes:%H:%M}"
    if closes.date() == local.date() or (closes.time() == time() and closes - local <= timedelta(days=1)):
        return "24:00" if clock == "00:00" else clock
    if closes.date() - local.date() == timedelta(days=1):
        return _("%(time)s the next day") % {"time": clock}
    return _("%(day)s %(time)s") % {"day": WEEKDAYS[closes.weekday()], "time": clock}


def _from(opens: datetime, local: datetime) -> Any:
    days, clock = (opens.date() - local.date()).days, f"{opens:%H:%M}"
    if days == 0:
        return clock
    if days == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    if days < 7:
        return _("%(day)s %(time)s") % {"day": WEEKDAYS[opens.weekday()], "time": clock}
    return _("%(month)d/%(date)d %(time)s") % {"month": opens.month, "date": opens.day, "time": clock}


def _on_day(day: date, today: date) -> Any:
    if 0 < (day - today).days < 7:
        return WEEKDAYS[day.weekday()]
    return _("%(month)d/%(date)d") % {"month": day.month, "date": day.day}
