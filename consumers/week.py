"""The coming seven days of a shop's hours, as a table on its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from merchants.opening.hours import WEEKDAYS, openings
from merchants.opening.special import USUAL, Special

DAYS = 7
WHOLE_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Day:
    """``spans`` empty means closed; a span past midnight stands on the day it begins."""

    on: date
    name: Any
    spans: tuple[Any, ...]
    today: bool
    special: bool = False
    label: str = ""


def week_of(text: str, zone: str, moment: datetime, special: Special = USUAL) -> list[Day]:
    """From today in the shop's own zone; empty for a shop whose hours nobody knows."""
    if not text and special is USUAL:
        return []
    local = moment.astimezone(ZoneInfo(zone))
    first = local.date()
    end = datetime.combine(first + timedelta(days=DAYS), time(), local.tzinfo)
    spans: dict[date, list[Any]] = {first + timedelta(days=n): [] for n in range(DAYS)}
    for opens, closes in _until(end, openings(text, zone, moment, special)):
        _put(spans, opens, closes or end + WHOLE_DAY)
    return [
        Day(
            on=day,
            name=WEEKDAYS[day.weekday()],
            spans=tuple(said),
            today=day == first,
            special=special.on(day) is not None,
            label=special.labelled(day),
        )
        for day, said in spans.items()
    ]


def _until(
    end: datetime, rows: Iterator[tuple[datetime, datetime | None]]
) -> Iterator[tuple[datetime, datetime | None]]:
    for row in rows:
        if row[0] >= end:
            return
        yield row


def _put(spans: dict[date, list[Any]], opens: datetime, closes: datetime) -> None:
    if closes - opens > WHOLE_DAY:
        for day, said in spans.items():
            if opens.date() <= day and closes >= datetime.combine(day, time(), closes.tzinfo) + WHOLE_DAY:
                said.append(_("24 hours"))
        return
    if opens.date() in spans:
        until = "24:00" if closes.time() == time() else f"{closes:%H:%M}"
        spans[opens.date()].append(f"{opens:%H:%M}–{until}")
