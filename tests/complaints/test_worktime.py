"""Clocks against the plainest reckoning there is: a year walked minute by minute."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.clocks.worktime import Course, NeverOpen, WorkTime

MINUTE = timedelta(minutes=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 366 * 24 * 60
LUNCH = ((time(9), time(12)), (time(13, 30), time(18)))
#: One desk is open while the clocks change, at two in the night of a Sunday.
WEEKS = {
    "Asia/Shanghai": (LUNCH, LUNCH, LUNCH, LUNCH, LUNCH, (), ()),
    "Europe/Berlin": (LUNCH, LUNCH, (), LUNCH, LUNCH, ((time(10), time(14)),), ((time(0), time(6)),)),
    "America/New_York": (
        LUNCH,
        LUNCH,
        LUNCH,
        LUNCH,
        LUNCH,
        ((time(22), time(23, 30)),),
        ((time(1), time(5)),),
    ),
}
OFF = frozenset(date(2026, month, day) for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (12, 25)))
SWAPPED = frozenset({date(2026, 5, 9), date(2026, 10, 10)})


@cache
def desk(zone: str) -> WorkTime:
    return WorkTime(ZoneInfo(zone), WEEKS[zone], OFF, SWAPPED)


@cache
def worked_until(zone: str) -> list[int]:
    """How many minutes of work lie before each minute of the year; every one is looked at by itself."""
    place, total, counted = ZoneInfo(zone), 0, [0]
    for number in range(MINUTES):
        here = (START + number * MINUTE).astimezone(place)
        spans = WEEKS[zone][0 if here.date() in SWAPPED else here.weekday()]
        if here.date() not in OFF and any(begins <= here.time() < ends for begins, ends in spans):
            total += 1
        counted.append(total)
    return counted


def simulated_due(zone: str, start: int, allowed: int, pauses: list[tuple[int, int]]) -> int:
    """The minute at which the allowance is used up, with a clock that ticks only when it runs."""
    counted, left, since = worked_until(zone), allowed, start
    for began, ended in pauses:
        used = counted[began] - counted[since]
        if used >= left:
            break
        left, since = left - used, ended
    return bisect_left(counted, counted[since] + left, lo=since)


def at(minute: int) -> datetime:
    return START + minute * MINUTE


zones = st.sampled_from(sorted(WEEKS))
many = settings(max_examples=150, deadline=None)


@many
@given(
    zones,
    st.integers(0, 200 * 1440),
    st.integers(1, 6000),
    st.lists(st.tuples(st.integers(0, 20000), st.integers(0, 20000)), max_size=5),
)
def test_a_clock_with_pauses_is_due_when_the_minutes_have_passed(zone, start, allowed, gaps):
    pauses, moment = [], start
    for wait, length in gaps:
        pauses.append((moment + wait, moment + wait + length))
        moment += wait + length
    course = Course(at(start), allowed * MINUTE, tuple((at(a), at(b)) for a, b in pauses))
    if moment + 60000 < MINUTES:
        assert course.due(desk(zone)) == at(simulated_due(zone, start, allowed, pauses))


@many
@given(zones, st.integers(0, MINUTES - 1), st.integers(0, 40000))
def test_the_work_between_two_moments_is_the_minutes_counted(zone, since, length):
    until = min(since + length, MINUTES)
    counted = worked_until(zone)
    assert desk(zone).between(at(since), at(until)) == (counted[until] - counted[since]) * MINUTE


@many
@given(zones, st.integers(0, MINUTES - 1))
def test_the_desk_is_open_in_exactly_the_minutes_that_count(zone, minute):
    counted = worked_until(zone)
    assert desk(zone).is_open(at(minute)) == (counted[minute + 1] > counted[minute])


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 5),  # an hour is left out between 2 and 3
        ("Europe/Berlin", date(2026, 10, 25), 7),  # an hour comes twice
        ("America/New_York", date(2026, 3, 8), 3),
        ("America/New_York", date(2026, 11, 1), 5),
    ],
)
def test_the_night_of_the_clocks_has_the_hours_that_really_pass(zone, night, hours):
    spans = desk(zone).spans_on(night)
    assert sum((ends - begins for begins, ends in spans), timedelta()) == timedelta(hours=hours)


@many
@given(
    zones,
    st.integers(0, 250 * 1440),
    st.integers(1, 4000),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 9000)), max_size=3),
    st.sets(st.integers(0, 400), min_size=1, max_size=5),
)
def test_a_holiday_more_is_due_later_and_never_earlier(zone, start, allowed, gaps, days):
    pauses, moment = [], start
    for wait, length in gaps:
        pauses.append((at(moment + wait), at(moment + wait + length)))
        moment += wait + length
    course, usual = Course(at(start), allowed * MINUTE, tuple(pauses)), desk(zone)
    holidays = usual.off | {START.date() + timedelta(days=day) for day in days}
    assert course.due(WorkTime(usual.zone, usual.week, holidays, usual.swapped)) >= course.due(usual)


@many
@given(zones, st.integers(0, 200 * 1440), st.integers(2, 3000), st.integers(0, 2999), st.integers(0, 50000))
def test_a_pause_gives_back_exactly_the_work_that_fell_into_it(zone, start, allowed, used, length):
    work = desk(zone)
    began = work.after(at(start), min(used, allowed - 1) * MINUTE)
    ended = began + length * MINUTE
    paused = Course(at(start), allowed * MINUTE, ((began, ended),)).due(work)
    left = allowed * MINUTE - work.between(at(start), began)
    assert work.between(ended, paused) == left


def test_law_counts_whole_working_days_from_the_next_one():
    shanghai = desk("Asia/Shanghai")
    received = datetime(2026, 9, 29, 15, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday before the holiday
    due = shanghai.day_after(received, 7).astimezone(shanghai.zone)
    assert (due.date(), due.time()) == (date(2026, 10, 10), time(18))  # a Saturday that is worked


def test_a_desk_that_never_opens_promises_nothing():
    closed = WorkTime(ZoneInfo("UTC"), ((),) * 7)
    with pytest.raises(NeverOpen):
        closed.after(START, MINUTE)
