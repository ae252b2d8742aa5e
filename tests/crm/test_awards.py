"""The daily report finds the cashier who credits a friend, among many who don't, and says by which rule."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.awards import RULES, report_of
from crm.tasks import tell_of_unusual_awards
from loyalty import actions
from merchants.models import Role
from messaging.models import Message
from tests.cast import client_of, make_staff, make_user, owner_of
from tests.crm.makers import sell
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def at(hour, minute=0, days=1):
    """That time, some days ago, where the shop is."""
    day = timezone.now().astimezone(ZONE).date() - timedelta(days=days)
    return datetime.combine(day, time(hour, minute), ZONE)


def credit(card, cashier, moment, points=5):
    """Points by hand, without a sale."""
    shop = card.merchant.shops.order_by("pk")[0]
    return actions.earn(card, points, key=uuid.uuid4(), shop=shop, by=cashier.user, moment=moment)


def found(shop, days=1):
    report = report_of(shop.merchant, at(12, days=days).date())
    return {(one.rule, one.who): len(one.awards) for one in report.findings}


def test_honest_days_say_nothing(shop, cashier):
    for number in range(15):
        sell(shop, 3810 + number, moment=at(11, number), by=cashier.user, card=make_card(shop.merchant))
    assert found(shop) == {}


def test_points_without_a_sale_are_named_with_who_gave_them(shop, cashier):
    card = make_card(shop.merchant)
    for _ in range(2):
        actions.earn(card, 500, key=uuid.uuid4(), shop=shop, by=cashier.user, moment=at(15))
    assert found(shop) == {("no_sale", "小陈"): 2}


def test_what_was_taken_back_is_nobodys_gain(shop, cashier):
    entry = actions.earn(
        make_card(shop.merchant), 5, key=uuid.uuid4(), shop=shop, by=cashier.user, moment=at(15)
    )
    actions.reverse(entry, key=uuid.uuid4(), by=cashier.user)
    assert found(shop) == {}


def test_the_same_card_four_times_in_a_day(shop, cashier):
    card = make_card(shop.merchant)
    for number in range(4):
        sell(shop, 1234, moment=at(12, number), by=cashier.user, card=card)
    assert found(shop) == {("one_card", card.number): 4}


def test_round_bills_when_they_are_half_of_all(shop, cashier):
    for number in range(5):
        sell(shop, 20000, moment=at(12, number), by=cashier.user, card=make_card(shop.merchant))
    for number in range(5):
        sell(shop, 1234, moment=at(13, number), by=cashier.user, card=make_card(shop.merchant))
    assert found(shop) == {("round", "小陈"): 5}
    sell(shop, 1234, moment=at(14), by=cashier.user, card=make_card(shop.merchant))
    assert found(shop) == {}


@pytest.mark.parametrize(
    ("hour", "minute", "rows"), [(3, 0, 1), (9, 14, 1), (9, 16, 0), (21, 44, 0), (21, 46, 1)]
)
def test_awards_when_the_shop_is_shut(shop, cashier, hour, minute, rows):
    """Open from ten to nine, with three quarters of an hour on either side."""
    sell(shop, 1234, moment=at(hour, minute), by=cashier.user, card=make_card(shop.merchant))
    assert found(shop) == ({("shut", "小陈"): 1} if rows else {})


def test_three_times_as_many_as_is_usual_here(shop, cashier):
    quick = make_staff(shop.merchant, Role.CASHIER, make_user(name="阿快")).user
    for days in (2, 3):
        for number in range(7):
            sell(shop, 1234, moment=at(12, number, days), by=cashier.user, card=make_card(shop.merchant))
    for number in range(22):
        sell(shop, 1234, moment=at(12, number), by=quick, card=make_card(shop.merchant))
    assert found(shop) == {("many", "阿快"): 22}


def test_adjustments_near_the_limit(shop, settings):
    settings.MANAGER_ADJUSTS_A_DAY = 100
    manager = make_staff(shop.merchant, Role.MANAGER, make_user(name="陈姐")).user
    for points in (50, -30):
        card = make_card(shop.merchant, points=40)
        actions.adjust(card, points, reason="x", key=uuid.uuid4(), by=manager, moment=at(15))
    assert found(shop)[("near", "陈姐")] == 2


def test_another_day_and_another_merchant_are_not_in_it(shop, other_shop, cashier):
    actions.earn(
        make_card(shop.merchant), 5, key=uuid.uuid4(), shop=shop, by=cashier.user, moment=at(15, days=2)
    )
    assert found(shop) == {}
    assert found(other_shop, days=2) == {}
    assert found(shop, days=2) == {("no_sale", "小陈"): 1}


def test_the_page_shows_rules_and_entries_to_the_owner_alone(shop, cashier, manager):
    card = make_card(shop.merchant)
    actions.earn(card, 500, key=uuid.uuid4(), shop=shop, by=cashier.user, moment=at(15))
    where = f"/m/{shop.merchant.slug}/reports/awards/"
    page = client_of(owner_of(shop.merchant), language="en").get(where).content.decode()
    assert f"/cards/{card.number}/" in page
    assert "小陈" in page
    assert all(str(rule)[:30] in page for rule in ("Points without a sale", "Near the limit"))
    assert len(RULES) == 6
    assert client_of(manager.user).get(where).status_code == 403
    for odd in ("?day=tomorrow", "?day=2999-01-01", "?day=2026-02-30"):
        assert client_of(owner_of(shop.merchant)).get(where + odd).status_code == 200


def test_the_report_asks_as_often_for_many_awards_as_for_few(shop, cashier):
    counts = []
    for more in (2, 30):
        for number in range(more):
            sell(shop, 1234, moment=at(12, number), by=cashier.user, card=make_card(shop.merchant))
        with CaptureQueriesContext(connection) as seen:
            report_of(shop.merchant, at(12).date())
        counts.append(len(seen))
    assert counts[0] == counts[1] == 4


def test_yesterday_is_the_day_before_where_the_shop_is(shop, cashier):
    """The server counts in UTC, where seven in the morning in Shanghai is still the evening before."""
    credit(make_card(shop.merchant), cashier, at(15))
    assert tell_of_unusual_awards(at(23, 59)) == 0
    assert tell_of_unusual_awards(at(0, 1, days=0)) == 1
    assert tell_of_unusual_awards(at(7, 40, days=0)) == 1
    assert Message.objects.filter(kind="crm.unusual_awards").count() == 1


def test_owners_are_told_in_the_morning_once_and_only_when_there_is_something(shop, other_shop, cashier):
    credit(make_card(shop.merchant), cashier, at(15))
    make_card(other_shop.merchant)
    for _ in range(2):
        assert tell_of_unusual_awards() == 1
    message = Message.objects.get(kind="crm.unusual_awards")
    assert (message.person, message.params["number"]) == (owner_of(shop.merchant), 1)
    assert message.url.startswith(f"/m/{shop.merchant.slug}/reports/awards/?day=")
