"""What differs from the usual week: single days with hours of their own, and being away for a while.

A shop keeps it in one column beside its hours, so that a list of shops needs no further question:
``{"days": {"2026-12-25": {"at": [[600, 1320]], "zh": "圣诞节", "en": "Christmas"}}, "away": ["2026-11-22",
"2026-12-05"]}``. An opening belongs to the day on which it begins: what Friday night runs on into a Saturday
that is closed still stands, and a Friday that is closed has no night.
"""

import heapq
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from merchants.wording import in_language

Piece = tuple[datetime, datetime | None]
ONE_DAY = timedelta(days=1)
LOOK_AHEAD = timedelta(days=400)  # farther than anybody can enter a day


class Day(NamedTuple):
    """Hours of one date as minutes after its midnight; none of them means closed."""

    at: tuple[tuple[int, int], ...]
    zh: str = ""
    en: str = ""

    @property
    def label(self) -> str:
        return in_language(self.zh, self.en)


CLOSED = Day(())


@dataclass(frozen=True)
class Special:
    days: Mapping[date, Day]
    away_from: date | None = None
    back_on: date | None = None

    def is_away(self, day: date) -> bool:
        return bool(self.away_from and self.back_on and self.away_from <= day < self.back_on)

    def on(self, day: date) -> Day | None:
        """None where the usual week holds."""
        return CLOSED if self.is_away(day) else self.days.get(day)

    def dates(self) -> list[date]:
        away = (self.back_on - self.away_from).days if self.away_from and self.back_on else 0
        gone = [self.away_from + timedelta(days=n) for n in range(away)] if self.away_from else []
        return sorted({*self.days, *gone})

    def labelled(self, day: date) -> str:
        one = self.days.get(day)
        return one.label if one and not self.is_away(day) else ""


USUAL = Special({})


def read(kept: Mapping[str, Any] | str | None) -> Special:
    """From the shop's column, as the model or as bare SQL gives it; nothing kept is the usual week."""
    said: Mapping[str, Any] = (json.loads(kept) if isinstance(kept, str) else kept) or {}
    if not said:
        return USUAL
    days = tuple(
        (text, tuple((opens, closes) for opens, closes in one["at"]), one.get("zh", ""), one.get("en", ""))
        for text, one in sorted(said.get("days", {}).items())
    )
    return _read(days, tuple(said.get("away") or ()))


@lru_cache(maxsize=512)
def _read(days: tuple[tuple[Any, ...], ...], away: tuple[str, ...]) -> Special:
    special = {date.fromisoformat(text): Day(*one) for text, *one in days}
    return Special(special, *(date.fromisoformat(text) for text in away))


def over(usual: Iterator[Piece], special: Special, start: datetime) -> Iterator[Piece]:
    """The usual openings with the special days put over them, in order; those that touch are one."""
    dates = special.dates()
    first, last = start.date() - ONE_DAY, (start + LOOK_AHEAD).date()
    dates = [day for day in dates if first <= day <= last]
    if not dates:
        yield from usual
        return
    edge = _midnight(dates[-1] + 2 * ONE_DAY, start)
    own = (piece for day in dates for piece in _pieces_of(special.on(day) or CLOSED, day, start))
    yield from _joined(heapq.merge(_left_over(usual, set(dates), edge), own, key=lambda piece: piece[0]))


def _left_over(usual: Iterator[Piece], taken: set[date], edge: datetime) -> Iterator[Piece]:
    for opens, closes in usual:
        begin = opens
        while begin < edge and (closes is None or closes - begin >= ONE_DAY):  # cut at midnights
            end = _midnight(begin.date() + ONE_DAY, begin)
            if begin.date() not in taken:
                yield begin, end
            begin = end
        if (closes is None or begin < closes) and begin.date() not in taken:
            yield begin, closes


def _pieces_of(one: Day, day: date, start: datetime) -> Iterator[Piece]:
    midnight = _midnight(day, start)
    for opens, closes in one.at:
        yield midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    current: Piece | None = None
    for opens, closes in pieces:
        if current is None:
            current = (opens, closes)
        elif current[1] is None or opens <= current[1]:
            ends = (current[1], closes)
            current = (current[0], None if None in ends else max(end for end in ends if end))
        else:
            yield current
            current = (opens, closes)
    if current:
        yield current


def _midnight(day: date, like: datetime) -> datetime:
    return datetime.combine(day, time(), like.tzinfo)
