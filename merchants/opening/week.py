"""A plain week of opening hours, as the form shows it, to and from OpenStreetMap's syntax."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from opening_hours import OpeningHours, State

from portal.kernel.refused import Refused

OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAYS = (
    pgettext_lazy("hours", "Monday"),
    pgettext_lazy("hours", "Tuesday"),
    pgettext_lazy("hours", "Wednesday"),
    pgettext_lazy("hours", "Thursday"),
    pgettext_lazy("hours", "Friday"),
    pgettext_lazy("hours", "Saturday"),
    pgettext_lazy("hours", "Sunday"),
)
DAY = 24 * 60
MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 a week without zone: only the table is read from it
MOVING = re.compile(r"PH|SH|sun|dawn|dusk|easter|week")
YEARS = timedelta(days=800)
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[:.]?([0-5]\d))?")


class HoursOverlap(Refused):
    sentence = _("%(day)s: the hours overlap: %(first)s and %(second)s. Change one of them.")


class HoursEmpty(Refused):
    sentence = _("Enter the hours of at least one day, or choose one of the usual ones above.")


@dataclass(frozen=True, order=True)
class Span:
    """Minutes after the day's midnight; ``closes`` past 1,440 lies in the next day."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{clock(self.opens)}–{clock(self.closes)}"


Week = Mapping[int, tuple[Span, ...]]  # by weekday, Monday is 0


def clock(minutes: int) -> str:
    """``1290`` → ``21:30``; midnight at the end of a day is 24:00, after it the next day's clock."""
    if minutes > DAY:
        minutes -= DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(text: str) -> int:
    """``9``, ``9:30``, ``0930`` or ``９：３０`` → minutes. ValueError for anything else."""
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        raise ValueError(text)
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    if minutes > DAY:
        raise ValueError(text)
    return minutes


def span(opens: int, closes: int) -> Span:
    """From two clock times: an end at or before the beginning is on the next day."""
    return Span(opens, closes if closes > opens else closes + DAY)


def spans_of(text: str) -> tuple[Span, ...]:
    """``10:00-14:00,17:00-02:00`` → spans of one day, in order. Raises ValueError and HoursOverlap."""
    spans = tuple(sorted(span(*map(minutes_of, one.split("-", 1))) for one in text.split(",") if one))
    for first, second in itertools.pairwise(spans):
        if second.opens < first.closes:
            raise HoursOverlap(day=_("This day"), first=str(first), second=str(second))
    return spans


def day_written(spans: Iterable[Span]) -> str:
    return ",".join(f"{clock(one.opens)}-{clock(one.closes)}" for one in spans)


def checked(week: Week) -> Week:
    """The week, spans in order. Raises HoursOverlap and HoursEmpty."""
    if not any(week.values()):
        raise HoursEmpty
    ordered = {day: tuple(sorted(week.get(day, ()))) for day in range(7)}
    for day in range(7):
        tomorrow = [
            Span(one.opens + DAY, one.closes + DAY) for one in ordered[(day + 1) % 7][:1] if ordered[day]
        ]
        spans = [*ordered[day], *tomorrow]
        for first, second in itertools.pairwise(spans):
            if second.opens < first.closes:
                raise HoursOverlap(day=DAYS[day], first=str(first), second=str(_as_shown(second)))
    return ordered


def _as_shown(one: Span) -> Span:
    return Span(one.opens - DAY, one.closes - DAY) if one.opens >= DAY else one


def written(week: Week) -> str:
    """``Mo-Fr 10:00-14:00,17:00-21:00; Sa 10:00-02:00``; every day round the clock is ``24/7``."""
    if all(week.get(day) == (Span(0, DAY),) for day in range(7)):
        return "24/7"
    rules = []
    for first, last, spans in _runs(week):
        if not spans:
            continue
        days = OSM_DAYS[first] if first == last else f"{OSM_DAYS[first]}-{OSM_DAYS[last]}"
        times = ",".join(f"{clock(one.opens)}-{clock(one.closes)}" for one in spans)
        rules.append(f"{days} {times}")
    # "; " would let Saturday's rule cut off what Friday night runs on into Saturday
    past_midnight = any(one.closes > DAY for spans in week.values() for one in spans)
    return (", " if past_midnight else "; ").join(rules)


def _runs(week: Week) -> Iterable[tuple[int, int, tuple[Span, ...]]]:
    """Days in a row that are alike: first day, last day, their spans."""
    day = 0
    while day < 7:
        last = day
        while last < 6 and week.get(last + 1, ()) == week.get(day, ()):
            last += 1
        yield day, last, tuple(week.get(day, ()))
        day = last + 1


@lru_cache(maxsize=1024)
def week_of(text: str) -> dict[int, tuple[Span, ...]] | None:
    """The table that says the same as the text; None when the text says more (holidays, months)."""
    if not text:
        return {}
    spans: dict[int, list[Span]] = {day: [] for day in range(7)}
    read = OpeningHours(text, max_interval_days=366)
    for start, end, state, _note in read.intervals(MONDAY, MONDAY + timedelta(days=7)):
        if state is State.OPEN:
            _lay(spans, start, _known(end))
    if spans[6] and spans[6][-1].closes == DAY and spans[0] and spans[0][0].opens == 0:
        _join_sunday(spans)
    week = {day: tuple(one) for day, one in spans.items()}
    if not any(week.values()):
        return None
    return week if _same(written(week), text) else None


def _same(one: str, other: str) -> bool:
    """Whether two texts mean the same on every day of the next years, holidays apart."""
    if MOVING.search(other):
        return False
    readings = [
        [row[:3] for row in OpeningHours(text, max_interval_days=366).intervals(MONDAY, MONDAY + YEARS)]
        for text in (one, other)
    ]
    return readings[0] == readings[1]


def _known(end: datetime | None) -> datetime:
    """The library says None for an end that never comes."""
    return MONDAY + timedelta(days=7) if end is None else end


def _lay(spans: dict[int, list[Span]], start: datetime, end: datetime) -> None:
    """An opening belongs to the day on which it begins; one of a day or more is cut at midnights."""
    while start < end:
        day = (start - MONDAY).days
        midnight = MONDAY + timedelta(days=day)
        opens = int((start - midnight).total_seconds()) // 60
        closes = int((end - midnight).total_seconds()) // 60
        if closes - opens >= DAY:
            closes = DAY
        spans[day].append(Span(opens, closes))
        start = midnight + timedelta(minutes=closes)


def _join_sunday(spans: dict[int, list[Span]]) -> None:
    """Sunday evening runs on into Monday morning: the week was cut there, the shop didn't close."""
    evening, morning = spans[6][-1], spans[0][0]
    if evening == Span(0, DAY) or morning.closes >= evening.opens:
        return
    spans[6][-1] = Span(evening.opens, DAY + morning.closes)
    spans[0] = spans[0][1:]


def every_day(opens: str, closes: str, *more: str) -> str:
    """A usual week in OSM's syntax: ``every_day("11:00", "14:00", "17:00", "21:00")``."""
    times = [opens, closes, *more]
    return "Mo-Su " + ",".join(f"{a}-{b}" for a, b in zip(times[::2], times[1::2], strict=True))


def in_words(text: str) -> list[tuple[Any, str]]:
    """For people: ``[("Mon–Fri", "10:00–21:00"), …]``; the text itself where a table can't say it."""
    week = week_of(text) if text else None
    if week is None:
        return [("", text)] if text else []
    if text == "24/7":
        return [(_("Every day"), str(_("24 hours")))]
    rows = []
    for first, last, spans in _runs(week):
        name = (
            DAYS[first]
            if first == last
            else _("%(first)s to %(last)s") % {"first": DAYS[first], "last": DAYS[last]}
        )
        if (first, last) == (0, 6):
            name = _("Every day")
        rows.append((name, ", ".join(map(str, spans)) or str(_("closed"))))
    return rows
