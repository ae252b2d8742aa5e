"""A card's days are its merchant's: across summer time, month ends, leap years, and half the world away."""

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty import actions
from loyalty.actions import stamps
from loyalty.models import Card, Entry, Lot, Refund
from loyalty.terms import terms_today, today_of
from loyalty.value import liability
from loyalty.value.expiry import expiry_of, usable_of
from loyalty.value.holdings import stamps_of
from tests.cast import make_shop, make_user, owner_of
from tests.loyalty.makers import give, make_card, make_levels, make_scheme
from tests.loyalty.money import make_money_card, pay_in
from tests.passes.makers import sell

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)


@pytest.fixture
def far():
    """A shop whose day begins when the one in Shanghai is half over."""
    shop = make_shop(lat=40.7128, lon=-74.006)
    assert (shop.time_zone, shop.merchant.zone) == ("America/New_York", "America/New_York")
    return shop


def at(*day: int) -> datetime:
    return datetime(*day, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("moment", "months", "ends"),
    [
        ((2026, 2, 8, 23), 1, "2026-03-09T00:00:00-04:00"),  # the day on which clocks go forward
        ((2026, 10, 1, 0), 1, "2026-11-02T00:00:00-05:00"),  # the day after they went back
        ((2026, 1, 31, 12), 1, "2026-03-01T00:00:00-05:00"),
        ((2028, 1, 31, 12), 1, "2028-03-01T00:00:00-05:00"),  # 29 February is a day that year
        ((2028, 2, 29, 12), 12, "2029-03-01T00:00:00-05:00"),
        ((2026, 12, 31, 23), 2, "2027-03-01T00:00:00-05:00"),
    ],
)
def test_the_last_day_is_whole_whatever_the_clocks_do(moment, months, ends):
    assert expiry_of(at(*moment), months, "America/New_York").isoformat() == ends


def test_waiting_ends_at_midnight_though_a_day_has_23_or_25_hours():
    short, long = at(2026, 3, 7, 12), at(2026, 10, 31, 12)
    for moment, hours in ((short, 35), (long, 37)):
        usable = usable_of(moment, 2, "America/New_York")
        assert (usable.hour, usable.astimezone(UTC) - moment.astimezone(UTC)) == (0, hours * HOUR)


def test_points_and_passes_end_on_the_calendar_of_their_shop(far):
    card = make_card(far.merchant, points_expire_months=1)
    evening = at(2026, 2, 8, 21)  # in Shanghai it is the 9th
    give(card, 10, moment=evening)
    held = sell(card, months=1, moment=evening)
    assert {Lot.objects.earliest("pk").expires_at, held.lot.expires_at} == {at(2026, 3, 9)}


def test_points_put_right_by_hand_end_there_too(far):
    card = make_card(far.merchant, points_expire_months=1)
    entry = actions.adjust(
        card,
        5,
        key=uuid.uuid4(),
        by=owner_of(far.merchant),
        reason="till was down",
        moment=at(2026, 2, 8, 21),
    )
    assert entry.lot.expires_at == at(2026, 3, 9)


def test_stamps_lapse_there_too(far, books_balance):
    card = make_card(far.merchant)
    scheme = make_scheme(card.programme, months=1)
    facts = {"key": uuid.uuid4(), "shop": far, "by": owner_of(far.merchant), "moment": at(2026, 2, 8, 21)}
    stamps.stamp(card, scheme, 2, **facts)
    ends = at(2026, 3, 9)
    assert [[one.held for one in stamps_of(card, moment)] for moment in (ends - HOUR, ends)] == [[2], [0]]
    again = facts | {"key": uuid.uuid4(), "moment": ends}
    assert stamps.stamp(card, scheme, 1, **again).held == 1
    books_balance()


def test_a_card_is_looked_up_with_its_merchants_day_in_the_same_question(far, shop):
    cards = {make_card(place.merchant).pk: place for place in (far, shop)}
    moment = at(2026, 3, 8, 21)
    with CaptureQueriesContext(connection) as asked:
        found = {card.pk: card.terms["day"] for card in Card.objects.with_terms(moment).filter(pk__in=cards)}
    days = {"America/New_York": "2026-03-08", "Asia/Shanghai": "2026-03-09"}
    assert found == {pk: days[place.time_zone] for pk, place in cards.items()}
    assert len(asked) == 1


def test_today_is_the_merchants(far):
    card = make_card(far.merchant)
    assert terms_today(card).day == today_of(far.merchant) == datetime.now(NEW_YORK).date()
    assert make_levels(card.programme)[0].programme.level_rule.time_zone == "America/New_York"


def test_a_shop_closes_at_the_end_of_its_own_day(far):
    card = make_money_card(far, make_user(), tiers=[])
    pay_in(card, 50_000)
    last = date(2026, 3, 8)
    actions.announce_closing(card.programme, by=owner_of(far.merchant), last_day=last, today=last)
    midnight = at(2026, 3, 9)
    assert [actions.refund_the_rest(moment) for moment in (midnight - HOUR, midnight)] == [0, 1]
    assert Refund.objects.get().amount == 50_000


def test_the_months_of_what_is_owed_are_the_merchants(far):
    card = make_money_card(far, make_user(), tiers=[])
    pay_in(card, 10_000, moment=at(2026, 3, 31, 23))
    pay_in(card, 20_000, moment=at(2026, 4, 1))
    months = liability.by_month(far.merchant, ZoneInfo(far.merchant.zone))
    assert [(row["month"].month, row["came"]) for row in months] == [(4, 20_000), (3, 10_000)]
    assert Entry.objects.count() == 2
