"""Dates and spans are said as people say them, in both languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from portal.kernel import dates

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)  # a Sunday, 14:30 in Shanghai


@pytest.fixture(autouse=True)
def _in_shanghai(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 22))
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        yield


@pytest.mark.parametrize(
    ("moment", "english", "chinese"),
    [
        (NOW, "today 14:30", "今天 14:30"),
        (NOW - timedelta(days=1), "yesterday 14:30", "昨天 14:30"),
        (NOW + timedelta(days=1), "tomorrow 14:30", "明天 14:30"),
        (NOW + timedelta(days=2), "Tue 24 Nov, 14:30", "11月24日 周二 14:30"),
        (NOW + timedelta(days=42), "3 Jan 2027, 14:30", "2027年1月3日 14:30"),
    ],
)
def test_a_moment_is_told_by_its_distance(moment, english, chinese):
    with translation.override("en"):
        assert dates.when(moment) == english
    with translation.override("zh-hans"):
        assert dates.when(moment) == chinese


def test_a_promise_names_the_day_even_today():
    with translation.override("en"):
        assert dates.date_and_time(NOW) == "Sun 22 Nov, 14:30"


@pytest.mark.parametrize(
    ("length", "english"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=-90), "1 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3, hours=5), "3 d"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(length, english):
    with translation.override("en"):
        assert dates.span(length) == english
