"""Opening hours: the fourteen cases of the design, in the shop's own zone, and hostile texts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from merchants.opening import hours
from merchants.opening.hours import HoursNotUnderstood, OpenState, opening, shown, understood

SHANGHAI = "Asia/Shanghai"


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def door(text: str, moment: datetime, zone: str = SHANGHAI, language: str = "en") -> OpenState:
    """What stands at the door at the moment, as a page in the language shows it."""
    opens_at, closes_at, _again = opening(text, zone, moment)
    with translation.override(language):
        state = shown(text, zone, opens_at, closes_at, moment)
        return OpenState(state.state, str(state.at), str(state.note))


# Sunday 22 November 2026
CASES = {
    "normal": ("Mo-Su 10:00-21:30", "2026-11-22 15:00", OpenState("open", "21:30")),
    "before opening": ("Mo-Su 10:00-21:30", "2026-11-22 07:00", OpenState("closed", "10:00")),
    "opening soon": ("Mo-Su 10:00-21:30", "2026-11-22 09:30", OpenState("opening", "10:00")),
    "lunch gap": ("Mo-Su 10:00-14:00,17:00-21:00", "2026-11-22 15:00", OpenState("closed", "17:00")),
    "last half hour": ("Mo-Su 10:00-21:30", "2026-11-22 21:00", OpenState("closing", "21:30")),
    "past midnight, evening": (
        "Mo-Su 18:00-02:00",
        "2026-11-22 23:00",
        OpenState("open", "02:00 the next day"),
    ),
    "past midnight, night": ("Mo-Su 18:00-02:00", "2026-11-23 01:00", OpenState("open", "02:00")),
    "from a special day before": (
        "Mo-Sa 10:00-20:00; 2026 Nov 21 10:00-03:00",
        "2026-11-22 01:00",
        OpenState("open", "03:00"),
    ),
    "round the clock": ("24/7", "2026-11-22 15:00", OpenState("open", "", "24 hours")),
    "closed weekday": ("Mo-Sa 10:00-20:00", "2026-11-22 15:00", OpenState("closed_today", "tomorrow 10:00")),
    "closed by a special day": (
        "Mo-Su 10:00-20:00; 2026 Nov 22 off",
        "2026-11-22 15:00",
        OpenState("closed_today", "tomorrow 10:00"),
    ),
    "longer on a special day": (
        "Mo-Su 10:00-20:00; 2026 Nov 22 10:00-23:00",
        "2026-11-22 21:00",
        OpenState("open", "23:00"),
    ),
    "after closing": ("Mo-Su 10:00-20:00", "2026-11-22 20:30", OpenState("closed", "tomorrow 10:00")),
    "not before Wednesday": ("We 10:00-20:00", "2026-11-22 15:00", OpenState("closed_today", "Wed 10:00")),
    "temporarily closed": (
        "2026 Dec 01+ Mo-Su 10:00-20:00",
        "2026-11-22 15:00",
        OpenState("closed_today", "12/1 10:00"),
    ),
    "first minute": ("Mo-Su 10:00-20:00", "2026-11-22 10:00", OpenState("open", "20:00")),
    "last minute": ("Mo-Su 10:00-20:00", "2026-11-22 19:59", OpenState("closing", "20:00")),
    "the moment of closing": ("Mo-Su 10:00-20:00", "2026-11-22 20:00", OpenState("closed", "tomorrow 10:00")),
    "until midnight": ("Mo-Su 10:00-24:00", "2026-11-22 20:00", OpenState("open", "24:00")),
    "never again": ("2020 Mo-Su 10:00-20:00", "2026-11-22 15:00", OpenState("closed")),
    "unknown": ("", "2026-11-22 15:00", OpenState("unknown")),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_door_says(case: str) -> None:
    text, moment, expected = CASES[case]
    assert door(text, at(moment)) == expected


def test_a_viewer_in_another_zone_reads_the_shop_s_clock() -> None:
    in_london = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # 15:00 in Shanghai
    assert door("Mo-Su 10:00-21:30", in_london) == OpenState("open", "21:30")


@pytest.mark.parametrize(
    ("moment", "opens", "closes"),
    [
        # 29 March 2026: clocks jump from 01:00 to 02:00 in London; 25 October: from 02:00 back to 01:00
        ("2026-03-28 12:00", "2026-03-28T10:00+00:00", "2026-03-28T20:00+00:00"),
        ("2026-03-29 12:00", "2026-03-29T09:00+00:00", "2026-03-29T19:00+00:00"),
        ("2026-10-24 12:00", "2026-10-24T09:00+00:00", "2026-10-24T19:00+00:00"),
        ("2026-10-25 12:00", "2026-10-25T10:00+00:00", "2026-10-25T20:00+00:00"),
    ],
)
def test_summer_time_moves_the_instant_and_not_the_clock(moment: str, opens: str, closes: str) -> None:
    turned = opening("Mo-Su 10:00-20:00", "Europe/London", at(moment, "Europe/London"))
    assert turned[:2] == (datetime.fromisoformat(opens), datetime.fromisoformat(closes))


def test_a_night_shift_over_the_change_to_summer_time_is_an_hour_shorter() -> None:
    turned = opening("Sa 22:00-04:00", "Europe/London", at("2026-03-28 23:00", "Europe/London"))
    assert turned.opens_at and turned.closes_at
    assert (turned.closes_at.astimezone(UTC) - turned.opens_at.astimezone(UTC)).total_seconds() == 5 * 3600


def test_a_shop_that_never_closes_is_looked_at_again_before_the_noted_end() -> None:
    turned = opening("24/7", SHANGHAI, at("2026-11-22 15:00"))
    assert turned.closes_at and turned.next_change_at
    assert (turned.closes_at - turned.next_change_at).days == 1
    later = opening("24/7", SHANGHAI, turned.next_change_at)
    assert later.opens_at and later.opens_at <= turned.next_change_at and later.closes_at > turned.closes_at


def test_the_words_in_chinese() -> None:
    assert door("Mo-Su 18:00-02:00", at("2026-11-22 23:00"), language="zh-hans").at == "次日 02:00"
    assert door("Mo-Sa 10:00-20:00", at("2026-11-22 15:00"), language="zh-hans").at == "明天 10:00"


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Sat !0:30",
        "Mo-Su 25:00-26:00",
        "每天 10 点",
        "Mo-Fr 10:00-",
        "<script>",
        "Mo " * 400,
        "Mo\x00-Su 10",
    ],
)
def test_what_is_no_opening_hours_is_refused_with_a_sentence(text: str) -> None:
    with translation.override("en"), pytest.raises(HoursNotUnderstood, match=r"Mo-Sa 10:00-21:00"):
        understood(text)


def test_spaces_are_tidied_and_nothing_means_unknown() -> None:
    assert understood("  Mo-Fr   10:00-20:00 ") == "Mo-Fr 10:00-20:00"
    assert understood("   ") == ""
    assert opening("", SHANGHAI, at("2026-11-22 15:00")) == hours.Opening(None, None, None)
