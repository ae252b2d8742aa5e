"""Special days, holidays and being away: the door, the list and the page say the same, to the minute."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from consumers.rows import rows_of
from consumers.wanted import Tree
from consumers.week import week_of
from merchants import actions
from merchants.actions.days import BackBeforeAway, DayIsOver, DayTooFar, HoursMissing, TooLong
from merchants.finding.near import Near
from merchants.models import DayKind, Shop, SpecialDay
from merchants.opening import festivals
from merchants.opening.hours import OpenState, opening, shown
from merchants.opening.special import read
from merchants.opening.week import Span
from portal.kernel.invariants import all_invariants
from tests.cast import client_of, make_shop

SHANGHAI = "Asia/Shanghai"
WEEK = "Mo-Su 10:00-21:30"
NIGHTS = "Mo-Su 18:00-02:00"
ROUND = "24/7"


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def days(**said: list[list[int]]) -> dict[str, Any]:
    """``days(d22=[[600, 720]])``: the 22nd of November 2026."""
    return {"days": {f"2026-11-{key[1:]}": {"at": spans, "zh": "", "en": ""} for key, spans in said.items()}}


def door(text: str, kept: dict[str, Any] | None, moment: datetime, zone: str = SHANGHAI) -> OpenState:
    special = read(kept)
    noted = opening(text, zone, moment, special)
    with translation.override("en"):
        state = shown(text, zone, noted.opens_at, noted.closes_at, moment, special)
        return OpenState(state.state, str(state.at), str(state.note))


CLOSED: list[list[int]] = []
# Sunday 22 November 2026
CASES = {
    "closed on a special day": (
        WEEK,
        days(d22=CLOSED),
        "22 15:00",
        OpenState("closed_today", "tomorrow 10:00"),
    ),
    "longer on a special day": (WEEK, days(d22=[[600, 1380]]), "22 22:00", OpenState("open", "23:00")),
    "a closed Saturday keeps Friday's night": (
        NIGHTS,
        days(d21=CLOSED),
        "21 01:00",
        OpenState("open", "02:00"),
    ),
    "a closed Friday has no night": (NIGHTS, days(d20=CLOSED), "21 01:00", OpenState("closed", "18:00")),
    "past midnight from a special day": (
        WEEK,
        days(d21=[[1080, 1620]]),
        "22 01:00",
        OpenState("open", "03:00"),
    ),
    "that night runs into the usual morning": (
        "Mo-Su 02:00-10:00",
        days(d21=[[1080, 1620]]),
        "22 01:00",
        OpenState("open", "10:00"),
    ),
    "round the clock, but closed tomorrow": (ROUND, days(d23=CLOSED), "22 15:00", OpenState("open", "24:00")),
    "round the clock, closed today": (
        ROUND,
        days(d22=CLOSED),
        "22 15:00",
        OpenState("closed_today", "tomorrow 00:00"),
    ),
    "round the clock, an hour today": (
        ROUND,
        days(d22=[[600, 660]]),
        "22 10:40",
        OpenState("closing", "11:00"),
    ),
    "hours known only of one day": ("", days(d22=[[600, 660]]), "22 09:00", OpenState("closed", "10:00")),
    "away": (WEEK, {"away": ["2026-11-20", "2026-12-05"]}, "22 15:00", OpenState("paused", "12/5")),
    "away, back within a week": (
        WEEK,
        {"away": ["2026-11-20", "2026-11-25"]},
        "22 15:00",
        OpenState("paused", "Wed"),
    ),
    "the last night before going away": (
        NIGHTS,
        {"away": ["2026-11-22", "2026-12-05"]},
        "22 01:00",
        OpenState("open", "02:00"),
    ),
    "back again": (WEEK, {"away": ["2026-11-01", "2026-11-22"]}, "22 15:00", OpenState("open", "21:30")),
    "away wins over a special day": (
        WEEK,
        days(d22=[[600, 660]]) | {"away": ["2026-11-20", "2026-11-23"]},
        "22 10:30",
        OpenState("paused", "Mon"),
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_door_says(case: str) -> None:
    text, kept, moment, expected = CASES[case]
    assert door(text, kept, at(f"2026-11-{moment}")) == expected


def test_the_name_of_the_day_stands_at_the_door() -> None:
    kept = {"days": {"2026-11-22": {"at": [[600, 1200]], "zh": "店庆", "en": "Anniversary"}}}
    assert door(WEEK, kept, at("2026-11-22 15:00")) == OpenState("open", "20:00", "Anniversary")


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [("Europe/Berlin", "2026-03-29", 7), ("Europe/Berlin", "2026-10-25", 9), (SHANGHAI, "2026-10-25", 8)],
)
def test_the_clock_of_a_special_night_is_the_wall_s_when_summer_time_turns(
    zone: str, night: str, hours: int
) -> None:
    evening = date.fromisoformat(night) - timedelta(days=1)
    kept = {"days": {evening.isoformat(): {"at": [[1200, 1680]], "zh": "", "en": ""}}}
    noted = opening(WEEK, zone, at(f"{evening} 21:00", zone), read(kept))
    length = noted.closes_at.astimezone(UTC) - noted.opens_at.astimezone(UTC)
    assert length == timedelta(hours=hours)


def test_the_next_change_is_the_end_of_the_special_opening() -> None:
    moment = at("2026-11-22 11:00")
    noted = opening(WEEK, SHANGHAI, moment, read(days(d22=[[600, 720], [840, 900]])))
    assert noted.next_change_at == noted.closes_at == at("2026-11-22 12:00")
    again = opening(WEEK, SHANGHAI, at("2026-11-22 12:00"), read(days(d22=[[600, 720], [840, 900]])))
    assert again[:2] == (at("2026-11-22 14:00"), at("2026-11-22 15:00"))


def test_the_table_shows_the_special_day_in_its_place() -> None:
    kept = {"days": {"2026-11-24": {"at": [[1080, 1560]], "zh": "感恩", "en": "Thanks"}}}
    with translation.override("en"):
        rows = week_of(WEEK, SHANGHAI, at("2026-11-22 15:00"), read(kept))
    tuesday = rows[2]
    assert (tuesday.spans, tuesday.label, tuesday.special) == (("18:00–02:00",), "Thanks", True)
    assert rows[1].spans == ("10:00–21:30",)


# public holidays


def test_china_s_swapped_days_are_told() -> None:
    [national] = [one for one in festivals.coming(SHANGHAI, date(2026, 9, 26)) if one.name_zh == "国庆节"]
    assert (national.first, national.last) == (date(2026, 10, 1), date(2026, 10, 7))
    assert national.swapped == (date(2026, 9, 20), date(2026, 10, 10))
    assert len(national.days) == 7


def test_other_places_have_other_holidays() -> None:
    names = {
        zone: {one.name_en for one in festivals.coming(zone, date(2026, 6, 15))}
        for zone in ("Asia/Hong_Kong", SHANGHAI)
    }
    assert names["Asia/Hong_Kong"] != names[SHANGHAI]
    assert any("Dragon Boat" in name or "Tuen Ng" in name for name in names["Asia/Hong_Kong"])


def test_a_country_nobody_knows_has_no_holidays(settings: Any) -> None:
    settings.PHONENUMBER_DEFAULT_REGION = "XX"
    assert festivals.coming("Europe/Berlin", date(2026, 6, 15)) == []


# verbs


def broken(code: str) -> list[int | str]:
    [invariant] = [one for one in all_invariants() if one.code == code]
    return invariant.broken()[1]


pytestmark = pytest.mark.django_db


def tomorrow() -> date:
    return timezone.localdate(timezone=ZoneInfo(SHANGHAI)) + timedelta(days=1)


def test_closing_today_turns_the_sign_at_once_and_again_when_it_is_taken_back(shop: Shop) -> None:
    actions.set_hours(shop, "24/7")
    today = tomorrow() - timedelta(days=1)
    actions.set_days(shop, [today], kind=DayKind.CLOSED, label="盘点", label_en="Stocktaking")
    shop.refresh_from_db()
    assert not shop.is_open_at(timezone.now()) and shop.next_change_at
    actions.clear_days(shop, [today])
    shop.refresh_from_db()
    assert shop.is_open_at(timezone.now()) and shop.calendar is None


def test_the_list_and_the_sweep_see_it_too(shop: Shop) -> None:
    actions.set_hours(shop, "24/7")
    actions.set_days(shop, [tomorrow()], kind=DayKind.CLOSED)
    midnight = datetime.combine(tomorrow(), datetime.min.time(), ZoneInfo(SHANGHAI))
    Shop.objects.filter(pk=shop.pk).update(next_change_at=midnight)
    assert actions.turn_hours(midnight + timedelta(minutes=1)) == 1
    shop.refresh_from_db()
    assert shop.opens_at == midnight + timedelta(days=1)
    [row] = rows_of(
        Near(lat=31.2304, lon=121.4737, limit=1).ask(), Tree().by_key, midnight + timedelta(hours=9)
    )
    assert row.state == "closed_today"


def test_saying_the_same_twice_is_one_change(shop: Shop) -> None:
    for _ in range(2):
        actions.set_days(shop, [tomorrow()], kind=DayKind.HOURS, spans=[Span(600, 1560)])
    day = shop.special_days.get()
    assert day.hours == "10:00-02:00"
    assert SpecialDay.pgh_event_model.objects.filter(pgh_obj=day).count() == 1


def test_as_usual_is_remembered_without_an_exception(shop: Shop) -> None:
    actions.set_days(shop, [tomorrow()], kind=DayKind.USUAL, label="春节")
    shop.refresh_from_db()
    assert shop.special_days.count() == 1 and shop.calendar is None


@pytest.mark.parametrize(
    ("away", "said", "refusal"),
    [
        (-2, {"kind": DayKind.CLOSED}, DayIsOver),
        (400, {"kind": DayKind.CLOSED}, DayTooFar),
        (3, {"kind": DayKind.HOURS}, HoursMissing),
        (3, {"kind": DayKind.HOURS, "spans": [Span(600, 1440 + 721)]}, TooLong),
    ],
)
def test_days_that_make_no_sense_are_refused(
    shop: Shop, away: int, said: dict[str, Any], refusal: type
) -> None:
    with pytest.raises(refusal):
        actions.set_days(shop, [tomorrow() + timedelta(days=away)], **said)
    assert shop.special_days.count() == 0


def test_away_and_back(shop: Shop) -> None:
    actions.set_hours(shop, "24/7")
    today = tomorrow() - timedelta(days=1)
    actions.go_away(
        shop, away_from=today, back_on=today + timedelta(days=10), words="装修", words_en="Painting"
    )
    shop.refresh_from_db()
    assert shop.open_state.state == "paused" and not shop.is_open_at(timezone.now())
    page = client_of(language="en").get(shop.get_absolute_url()).content.decode()
    assert "Painting" in page and "Temporarily closed" in page
    for _ in range(2):
        actions.come_back(shop)
    shop.refresh_from_db()
    assert shop.is_open_at(timezone.now()) and shop.calendar is None
    with pytest.raises(BackBeforeAway):
        actions.go_away(shop, away_from=today, back_on=today)


def test_the_database_refuses_a_day_with_hours_that_has_none(shop: Shop) -> None:
    with pytest.raises(IntegrityError, match="special_day_with_hours_has_some"), transaction.atomic():
        SpecialDay.objects.create(shop=shop, on=tomorrow(), kind="hours")
    with pytest.raises(IntegrityError, match="shop_comes_back_after_it_went_away"), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(away_from=tomorrow(), back_on=tomorrow())


@pytest.mark.sabotages("S01")
def test_a_calendar_that_lists_read_wrongly_is_found(shop: Shop) -> None:
    actions.set_days(shop, [tomorrow() + timedelta(days=5)], kind=DayKind.CLOSED)
    actions.go_away(shop, away_from=tomorrow(), back_on=tomorrow() + timedelta(days=3))
    assert broken("S01") == []
    Shop.objects.filter(pk=shop.pk).update(back_on=tomorrow() + timedelta(days=9))
    assert broken("S01") == [shop.pk]
    actions.clear_days(shop, [])
    assert broken("S01") == []
    SpecialDay.objects.filter(shop=shop).delete()
    assert broken("S01") == [shop.pk]


# the page


def test_make_shop_of_another_zone_judges_its_own_today() -> None:
    shop = make_shop(lat=52.52, lon=13.405)
    assert shop.time_zone == "Europe/Berlin"
    day = timezone.localdate(timezone=ZoneInfo("Europe/Berlin"))
    actions.set_days(shop, [day], kind=DayKind.CLOSED)
    assert shop.special_days.get().on == day
