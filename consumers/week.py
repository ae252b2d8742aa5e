"""The coming seven days of a shop's hours, as a table on its page."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from opening_hours import OpeningHours, State

from merchants.hours import WEEKDAYS

DAYS = 7
WHOLE_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Day:
    """``spans`` empty means closed; a span past midnight stands on the day it begins."""

    on: date
    name: Any
    spans: tuple[Any, ...]
    today: bool


def week_of(text: str, zone: str, moment: datetime) -> list[Day]:
    """From today in the shop's own zone; empty for a shop whose hours nobody knows."""
    if not text:
        return []
    local = moment.astimezone(ZoneInfo(zone))
    first = local.date()
    start = datetime.combine(first - timedelta(days=1), time(), local.tzinfo)  # spans cut off at the edge
    spans: dict[date, list[Any]] = {first + timedelta(days=n): [] for n in range(DAYS)}
    hours = OpeningHours(text, timezone=ZoneInfo(zone), max_interval_days=366)
    for opens, closes, state, _comment in hours.intervals(start, start + timedelta(days=DAYS + 2)):
        if state is State.OPEN:
            _put(spans, opens, closes or opens + timedelta(days=DAYS + 2))
    return [Day(day, WEEKDAYS[day.weekday()], tuple(said), day == first) for day, said in spans.items()]


def _put(spans: dict[date, list[Any]], opens: datetime, closes: datetime) -> None:
    if closes - opens > WHOLE_DAY:
        for day, said in spans.items():
            if opens.date() <= day and closes >= datetime.combine(day, time(), closes.tzinfo) + WHOLE_DAY:
                said.append(_("24 hours"))
        return
    if opens.date() in spans:
        until = "24:00" if closes.time() == time() else f"{closes:%H:%M}"
        spans[opens.date()].append(f"{opens:%H:%M}–{until}")
