"""Windows of levels: where they open, in every zone, in Python and in the database."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from loyalty.levels import window_opens
from tests.levels.makers import SHANGHAI

pytestmark = pytest.mark.django_db


def opened(kind, months, moment, zone="Asia/Shanghai"):
    return window_opens(kind, months, moment, zone)


@pytest.mark.parametrize(
    ("months", "today", "opens"),
    [
        (12, date(2028, 2, 29), date(2027, 2, 28)),
        (12, date(2029, 2, 28), date(2028, 2, 28)),
        (48, date(2028, 2, 29), date(2024, 2, 29)),
        (1, date(2026, 3, 31), date(2026, 2, 28)),
        (1, date(2028, 3, 31), date(2028, 2, 29)),
        (6, date(2026, 8, 31), date(2026, 2, 28)),
        (3, date(2026, 1, 15), date(2025, 10, 15)),
        (120, date(2026, 12, 31), date(2016, 12, 31)),
    ],
)
def test_a_rolling_window_opens_on_the_same_day_or_the_months_last(months, today, opens):
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=SHANGHAI)
    assert opened("rolling", months, noon) == datetime(opens.year, opens.month, opens.day, tzinfo=SHANGHAI)


def test_days_and_years_begin_where_the_shop_is_not_at_greenwich():
    late = datetime(
        2026, 12, 31, 16, 30, tzinfo=ZoneInfo("UTC")
    )  # half past midnight on New Year's Day there
    assert opened("calendar", 12, late) == datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert opened("calendar", 12, late - timedelta(hours=1)) == datetime(2026, 1, 1, tzinfo=SHANGHAI)
    assert opened("lifetime", 12, late) is None


def test_a_window_that_opens_across_a_change_of_clocks_opens_at_midnight_all_the_same():
    berlin = ZoneInfo("Europe/Berlin")
    summer = datetime(2026, 4, 15, 9, tzinfo=berlin)
    opens = window_opens("rolling", 1, summer, "Europe/Berlin")
    assert opens.isoformat() == "2026-03-15T00:00:00+01:00"
    assert window_opens(
        "rolling", 1, datetime(2026, 11, 15, 9, tzinfo=berlin), "Europe/Berlin"
    ).isoformat() == ("2026-10-15T00:00:00+02:00")


@given(
    kind=st.sampled_from(["lifetime", "calendar", "rolling"]),
    months=st.integers(1, 120),
    moment=st.integers(1_420_070_400, 2_051_222_400).map(
        lambda at: datetime.fromtimestamp(at, ZoneInfo("UTC"))
    ),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)
@examples(max_examples=150, deadline=None)
def test_the_database_opens_the_window_at_the_same_instant(
    django_db_setup, django_db_blocker, kind, months, moment, zone
):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT loyalty_window_opens(%s, %s, %s, %s)", [kind, months, moment, zone])
        assert cursor.fetchone()[0] == window_opens(kind, months, moment, zone)
