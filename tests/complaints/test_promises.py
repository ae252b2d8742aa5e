"""When an answer is promised, and the number that a case goes by."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.deadlines import due_after, in_working_days
from complaints.numbers import in_groups, new_number, normalise_number

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026 in Shanghai; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("filed", "days", "due"),
    [
        (at(23, 10), 1, at(24, 18)),  # Monday morning, by Tuesday
        (at(23, 18), 1, at(25, 18)),  # Monday evening counts as Tuesday
        (at(27, 10), 1, at(30, 18)),  # Friday, by Monday
        (at(27, 19), 1, datetime(2026, 12, 1, 18, tzinfo=SHANGHAI)),  # Friday night counts as Monday
        (at(28, 10), 2, datetime(2026, 12, 2, 18, tzinfo=SHANGHAI)),  # Saturday counts as Monday
        (at(23, 17, 59), 5, at(30, 18)),
    ],
)
def test_promises_count_working_days(filed, days, due):
    assert in_working_days(days, filed, SHANGHAI) == due


def test_a_promise_is_judged_in_the_shops_zone():
    moment = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # Monday 19:00 in Shanghai, 06:00 in New York
    assert due_after("received", "price", moment, "Asia/Shanghai") == at(25, 18)
    assert due_after("received", "price", moment, "America/New_York") == datetime(
        2026, 11, 24, 23, tzinfo=UTC
    )


def test_six_in_the_evening_stays_six_when_the_clocks_change():
    friday = datetime(2026, 10, 23, 10, tzinfo=ZoneInfo("Europe/Berlin"))  # clocks go back on the 25th
    due = in_working_days(1, friday, ZoneInfo("Europe/Berlin"))
    assert (due.day, due.hour, due.utcoffset().total_seconds()) == (26, 18, 3600)


def test_a_shop_is_given_one_day_and_the_person_five(settings):
    assert due_after("merchant", "listing", at(23, 10), "Asia/Shanghai") == at(24, 18)
    assert due_after("consumer", "price", at(23, 10), "Asia/Shanghai") == at(30, 18)


def test_every_reason_has_its_days(settings):
    from complaints.models import Reason

    assert set(settings.COMPLAINT_ANSWER_DAYS) == set(Reason.values)


@given(st.integers(min_value=0, max_value=10**8 - 1), st.integers(0, 9), st.integers(0, 9))
def test_a_wrong_digit_is_noticed(body, place, digit):
    from complaints.numbers import _check_digits

    number = f"{body:08d}" + _check_digits(f"{body:08d}")
    assert normalise_number(number) == number
    wrong = number[:place] + str(digit) + number[place + 1 :]
    if wrong != number:
        assert normalise_number(wrong) is None


@given(st.integers(min_value=0, max_value=10**8 - 1), st.integers(0, 8))
def test_swapped_neighbours_are_noticed(body, place):
    from complaints.numbers import _check_digits

    number = f"{body:08d}" + _check_digits(f"{body:08d}")
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert normalise_number(swapped) is None


def test_a_number_is_read_as_people_write_it():
    number = new_number()
    assert normalise_number(f" {in_groups(number)} ") == number
    assert normalise_number(in_groups(number).replace(" ", "-")) == number
    full_width = number.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    assert normalise_number(full_width) == number
    assert normalise_number("青禾") is None
    assert normalise_number("٣" * 10) is None
