"""The table of the form and the text underneath say the same, both ways."""

import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from merchants.opening.week import (
    DAY,
    HoursEmpty,
    HoursOverlap,
    Span,
    checked,
    in_words,
    minutes_of,
    span,
    week_of,
    written,
)

TEN, NINE_PM = 600, 1260


def test_a_usual_week_is_one_rule() -> None:
    week = dict.fromkeys(range(7), (Span(TEN, NINE_PM),))
    assert written(week) == "Mo-Su 10:00-21:00"
    assert week_of("Mo-Su 10:00-21:00") == week


@pytest.mark.parametrize(
    "text",
    [
        "24/7",
        "Mo-Fr 10:00-14:00,17:00-21:00; Sa 10:00-14:00",
        "Mo-Su 18:00-02:00",
        "Mo-Fr 18:00-02:00, Sa 10:00-12:00",
        "Mo 10:00-12:00, Su 22:00-03:00",
        "Mo-Fr 00:00-24:00",
        "Tu-Su 09:00-20:00",
    ],
)
def test_text_to_table_and_back(text: str) -> None:
    week = week_of(text)
    assert week is not None
    assert written(week) == text


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 10:00-21:00; PH off",
        "Apr-Oct Mo-Su 10:00-20:00",
        'Mo-Fr 10:00-21:00 || "by call"',
        "sunrise-sunset",
        "off",
    ],
)
def test_a_text_that_says_more_than_a_table_has_none(text: str) -> None:
    assert week_of(text) is None


def spans() -> st.SearchStrategy[tuple[Span, ...]]:
    """No span, one, or a morning and an evening that may run past midnight; five minutes apart."""
    one = st.builds(lambda a, b: (Span(a * 5, b * 5),), st.integers(48, 140), st.integers(150, 330))
    two = st.builds(
        lambda a, b, c, d: (Span(a * 5, b * 5), Span(c * 5, d * 5)),
        st.integers(48, 100),
        st.integers(101, 150),
        st.integers(160, 200),
        st.integers(210, 330),
    )
    return st.one_of(st.just(()), one, two)


@given(st.lists(spans(), min_size=7, max_size=7))
def test_every_table_survives_the_text(days: list[tuple[Span, ...]]) -> None:
    week = dict(enumerate(days))
    if any(days):
        text = written(checked(week))
        assert week_of(text) == week


def test_overlapping_spans_name_the_day_and_both() -> None:
    with pytest.raises(HoursOverlap) as refusal:
        checked({4: (Span(600, 840), Span(780, 1260))})
    with translation.override("en"):
        assert str(refusal.value).startswith("Friday: the hours overlap: 10:00–14:00 and 13:00–21:00")
    with translation.override("zh-hans"):
        assert str(refusal.value).startswith("周五的两个时段重叠：10:00–14:00 和 13:00–21:00")


def test_a_night_that_runs_into_the_next_morning_overlaps() -> None:
    with pytest.raises(HoursOverlap):
        checked({4: (Span(1200, DAY + 660),), 5: (Span(600, 1200),)})
    with pytest.raises(HoursOverlap):
        checked({6: (Span(1200, DAY + 660),), 0: (Span(600, 1200),)})


def test_an_empty_week_is_no_week() -> None:
    with pytest.raises(HoursEmpty):
        checked(dict.fromkeys(range(7), ()))


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("9", 540), ("09:30", 570), ("0930", 570), ("９：３０", 570), ("24:00", 1440), ("21.15", 1275)],
)
def test_clock_times_as_people_type_them(typed: str, minutes: int) -> None:
    assert minutes_of(typed) == minutes


@pytest.mark.parametrize("typed", ["", "25:00", "24:01", "10:60", "ten", "-1", "1" * 40])
def test_what_is_no_clock_time(typed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(typed)):
        minutes_of(typed)


def test_an_end_before_the_beginning_is_on_the_next_day() -> None:
    assert span(1080, 120) == Span(1080, DAY + 120)
    assert str(span(1080, 120)) == "18:00–02:00"


def test_a_week_in_words() -> None:
    with translation.override("en"):
        rows = [(str(days), times) for days, times in in_words("Mo-Sa 10:00-20:00")]
        assert rows == [("Monday to Saturday", "10:00–20:00"), ("Sunday", "closed")]
        assert [(str(a), b) for a, b in in_words("24/7")] == [("Every day", "24 hours")]
    assert in_words("Mo-Fr 10:00-20:00; PH off") == [("", "Mo-Fr 10:00-20:00; PH off")]
