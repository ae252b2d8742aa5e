"""Quiet hours: half-open, over midnight, in the receiver's zone, when clocks change too."""

from datetime import datetime, time

import pytest

from messaging.quiet import quiet_until

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-22T20:59:59+08:00", None),
        ("2026-11-22T21:00:00+08:00", "2026-11-23T09:00:00+08:00"),
        ("2026-11-22T23:59:59+08:00", "2026-11-23T09:00:00+08:00"),
        ("2026-11-23T00:00:00+08:00", "2026-11-23T09:00:00+08:00"),
        ("2026-11-23T08:59:59+08:00", "2026-11-23T09:00:00+08:00"),
        ("2026-11-23T09:00:00+08:00", None),
        ("2026-11-22T14:00:00+00:00", "2026-11-23T09:00:00+08:00"),
    ],
)
def test_nine_in_the_evening_to_nine_in_the_morning(moment: str, until: str | None) -> None:
    found = quiet_until(datetime.fromisoformat(moment), zone=SHANGHAI, start=time(21), end=time(9))
    assert found == (datetime.fromisoformat(until) if until else None)


@pytest.mark.parametrize(("hour", "quiet"), [(11, False), (12, True), (13, True), (14, False)])
def test_a_nap_at_noon(hour: int, quiet: bool) -> None:
    moment = datetime.fromisoformat(f"2026-11-22T{hour}:00:00+08:00")
    assert bool(quiet_until(moment, zone=SHANGHAI, start=time(12), end=time(14))) is quiet


def test_equal_times_mean_never() -> None:
    moment = datetime.fromisoformat("2026-11-22T23:00:00+08:00")
    assert quiet_until(moment, zone=SHANGHAI, start=time(9), end=time(9)) is None


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-03-28T23:00:00+01:00", "2026-03-29T09:00:00+02:00"),  # the night that is an hour shorter
        ("2026-10-24T23:00:00+02:00", "2026-10-25T09:00:00+01:00"),  # the night that is an hour longer
    ],
)
def test_the_clock_on_the_wall_counts_when_clocks_change(moment: str, until: str) -> None:
    found = quiet_until(datetime.fromisoformat(moment), zone=BERLIN, start=time(21), end=time(9))
    assert found == datetime.fromisoformat(until)
