"""What level and points take off a sale and what it earns, line by line; undoing gives it all back."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given as examples_of
from hypothesis import settings as examples
from hypothesis import strategies as st

from loyalty import actions
from loyalty.actions import rules as rule_verbs
from loyalty.models import Entry
from loyalty.terms import Bought, Terms
from merchants.models import Service
from orders.actions import Item, undo
from orders.actions.pricing import price
from orders.models import Purchase, PurchaseLine, Saving
from portal.kernel.invariants import all_invariants
from portal.kernel.money import split
from portal.kernel.refused import KeyReused
from tests.cast import client_of, owner_of
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import agreed_points, balance, buy, give, make_card, make_levels
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HALF = {"points": 100, "worth": 100, "minimum": 100, "share": 50, "is_on": True}


@pytest.fixture
def card(shop, consumer):
    return make_card(shop.merchant, consumer)


def earning(card, **rule):
    by = owner_of(card.merchant)
    actions.set_earning(card.programme, by=by, points_per_unit=rule.pop("points_per_unit", 1), **rule)


def spending(card, **rule):
    actions.set_spending(card.programme, by=owner_of(card.merchant), **(HALF | rule))


def made(**facts):
    """Terms as the database tells them, with nothing special but what is said."""
    usual = {"rate": 1, "basis": "amount", "every": 1, "each": 1, "rounding": "half_up", "excluded": []}
    usual |= {
        "weekdays": [100] * 7,
        "campaign": None,
        "level": None,
        "spend": None,
        "points": 0,
        "waits": 0,
        "waiting": 0,
    }
    return Terms(usual | facts, date(2026, 11, 24))


# --- earning


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ({}, 38),
        ({"points_per_unit": 3}, 116),
        ({"every": 10}, 4),
        ({"every": 10, "rounding": "down"}, 3),
        ({"every": 10, "rounding": "up"}, 4),
        ({"basis": "visit", "each": 15}, 15),
        ({"basis": "item", "each": 15}, 45),
        ({"weekdays": [100, 250, 100, 100, 100, 100, 100]}, 96),
    ],
)
def test_points_are_reckoned_as_the_rule_says_and_rounded_once(card, rule, points):
    earning(card, **rule)
    sale = buy(card, 3850 if "points_per_unit" in rule else 3840, moment=TUESDAY, items=items_of(rule))
    assert (sale.points, balance(card)) == (points, points)


def items_of(rule):
    return [Item("剪发", 1840, 1), Item("洗发水", 2000, 2)] if rule.get("basis") == "item" else ()


def test_a_service_left_out_earns_nothing_and_its_share_of_the_coupon_neither(card, shop, consumer):
    service = Service.objects.get(shop=shop)
    earning(card, excluded=[service.pk])
    coupon = make_coupon(shop.merchant, consumer)
    items = [Item("剪发", 4000, service=service), Item("洗发水", 6000)]
    sale = buy(card, 10_000, coupon=coupon, items=items)
    assert (sale.discount, sale.points) == (2000, 48)


def test_a_foreign_service_is_not_left_out(card, other_shop):
    with pytest.raises(rule_verbs.NotYourService):
        earning(card, excluded=[Service.objects.get(shop=other_shop).pk])


def test_the_best_of_weekday_and_campaigns_counts_times_the_level(card):
    make_levels(card.programme, gives={1: {"multiplier": 150}})
    buy(card, 60_000, moment=TUESDAY)
    day = TUESDAY.date()
    campaign = {"by": owner_of(card.merchant), "starts_on": day, "ends_on": day}
    for name, multiplier in (("双倍", 200), ("三倍", 300)):
        actions.run_points_campaign(
            card.programme, name=name, multiplier=multiplier, key=uuid.uuid4(), **campaign
        )
    earning(card, weekdays=[250] * 7)
    assert buy(card, 1000, moment=TUESDAY).points == 45
    assert buy(card, 1000, moment=TUESDAY + timedelta(days=1)).points == 38
    assert buy(card, 1000, moment=TUESDAY - timedelta(days=1)).points == 38


def test_a_new_rule_leaves_points_as_they_were_earned(card):
    buy(card, 10_000)
    earning(card, points_per_unit=5)
    assert balance(card) == 100
    assert buy(card, 10_000).points == 500


def test_a_campaign_asked_for_twice_runs_once_and_stopped_is_over(card):
    key, day = uuid.uuid4(), TUESDAY.date()
    asked = {"name": "双倍", "starts_on": day, "ends_on": day, "by": owner_of(card.merchant), "key": key}
    first = actions.run_points_campaign(card.programme, multiplier=200, **asked)
    assert actions.run_points_campaign(card.programme, multiplier=200, **asked) == first
    with pytest.raises(KeyReused):
        actions.run_points_campaign(card.programme, multiplier=300, **asked)
    actions.stop_points_campaign(first, by=owner_of(card.merchant))
    assert buy(card, 1000, moment=TUESDAY).points == 10


# --- what is taken off


def test_the_level_takes_its_percent_of_what_the_coupon_left(card, shop, consumer, books_balance):
    make_levels(card.programme, gives={1: {"discount": 5}})
    buy(card, 50_000)
    sale = buy(card, 10_001, coupon=make_coupon(shop.merchant, consumer))
    assert (sale.discount, sale.paid, sale.points) == (2400, 7601, 76)
    assert list(sale.savings.values_list("kind", "amount", "said")) == [("level", 400, "银卡")]
    books_balance()


def test_points_pay_whole_steps_up_to_their_share_of_the_bill(card, books_balance):
    spending(card)
    give(card, 1050)
    sale = buy(card, 1500, use_points=True)
    assert (sale.discount, sale.paid, sale.points) == (700, 800, 8)
    assert Saving.objects.get().entry.amount == -700
    assert balance(card) == 358
    books_balance()


@pytest.mark.parametrize(
    ("rule", "points", "bill"),
    [({"is_on": False}, 500, 5000), ({"minimum": 600}, 500, 5000), ({}, 99, 5000), ({}, 500, 199)],
)
def test_points_that_can_not_pay_stay_on_the_card(card, rule, points, bill):
    spending(card, **rule)
    give(card, points)
    sale = buy(card, bill, use_points=True)
    assert sale.discount == 0
    assert balance(card) == points + sale.points


def test_everything_taken_off_is_shared_over_the_lines(card, shop, consumer, books_balance):
    make_levels(card.programme, gives={1: {"discount": 10}})
    spending(card)
    buy(card, 50_000)
    coupon = make_coupon(shop.merchant, consumer)
    sale = buy(card, 9001, coupon=coupon, use_points=True, items=[Item("剪发", 6001), Item("洗发水", 3000)])
    lines = list(sale.lines.order_by("-amount").values_list("amount", "discount", "level_off", "points_off"))
    assert sum(line[1] for line in lines) == sale.discount == 2000 + 700 + 500
    assert [sum(line[at] for line in lines) for at in (2, 3)] == [700, 500]
    books_balance()


def test_undoing_gives_back_the_points_that_paid_and_takes_those_that_were_earned(card, books_balance):
    spending(card)
    give(card, 300)
    sale = buy(card, 10_000, use_points=True)
    assert balance(card) == 97
    for _ in range(2):
        undo(sale, by=sale.by, reason="", key=uuid.uuid4())
    assert balance(card) == 300
    books_balance()


def test_the_same_key_uses_points_once_and_without_them_it_is_refused(card):
    spending(card)
    give(card, 300)
    key = uuid.uuid4()
    first = buy(card, 10_000, use_points=True, key=key)
    assert buy(card, 10_000, use_points=True, key=key) == first
    with pytest.raises(KeyReused):
        buy(card, 10_000, key=key)
    assert (Purchase.objects.count(), Entry.objects.filter(kind="spent").count()) == (1, 1)


def test_the_sale_that_lifts_a_card_is_shown_again_when_sent_again(card):
    make_levels(card.programme, gives={1: {"discount": 5, "multiplier": 200}})
    key = uuid.uuid4()
    first = buy(card, 60_000, key=key)
    assert buy(card, 60_000, key=key) == first
    assert (first.discount, first.points) == (0, 600)


@examples_of(
    amounts=st.lists(st.integers(1, 50_000), min_size=1, max_size=6),
    percent=st.integers(0, 90),
    points=st.integers(0, 20_000),
    share=st.integers(1, 100),
    coupon=st.integers(0, 100),
)
@examples(max_examples=200, deadline=None)
def test_whatever_is_taken_off_the_lines_add_up_and_none_goes_below_nothing(
    amounts, percent, points, share, coupon
):
    spend = {"points": 10, "worth": 7, "minimum": 10, "share": share}
    terms = made(points=points, spend=spend, level={"discount": percent, "multiplier": 100})
    coupon = sum(amounts) * coupon // 100
    off = split(coupon, amounts) if coupon else []
    due = price([Item("", amount) for amount in amounts], coupon=off, terms=terms, use_points=True)
    assert due.paid == sum(amounts) - due.coupon - due.level - due.points_off >= 0
    assert sum(line.discount for line in due.lines) == due.discount
    assert all(0 <= line.discount <= amount for line, amount in zip(due.lines, amounts, strict=True))
    left = sum(amounts) - coupon - due.level
    assert due.points_off * 100 <= left * share
    assert (due.quote.points if due.quote else 0) <= points


def test_rounding_is_half_up_down_or_up_and_never_twice():
    for rounding, points in (("half_up", 2), ("down", 1), ("up", 2)):
        assert made(rounding=rounding, weekdays=[150] * 7).points_for([Bought(50), Bought(50)]) == points


# --- at the counter


def test_the_cashier_reads_level_rule_and_what_points_can_pay(card, shop, cashier):
    make_levels(card.programme, gives={1: {"discount": 5, "multiplier": 150, "privileges": "免费茶水"}})
    spending(card)
    buy(card, 60_000)
    till = client_of(cashier.user, language="en")
    page = till.post(f"/m/{shop.merchant.slug}/counter/find/", {"code": card.token}).content.decode()
    assert "1 point per ¥1, Silver ×1.5, 5% off" in page
    assert "100 points = ¥1, up to 50% of the bill" in page
    assert "免费茶水" in page
    form = {"key": uuid.uuid4(), "bill": "10", "shop": shop.slug, "card": card.token, "use_points": "1"}
    form["approval"] = agreed_points(card).token
    answer = till.post(f"/m/{shop.merchant.slug}/counter/ring/", form)
    sale = Purchase.objects.latest("pk")
    assert (sale.discount, sale.paid, sale.points) == (50 + 400, 550, 8)
    shown = till.get(answer.headers["Location"]).content.decode()
    assert "¥5.50 to pay" in shown
    receipt = client_of(language="en").get(f"/r/{sale.token}/").content.decode()
    assert "400 points used" in receipt
    assert "Silver" in receipt


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_tills_use_no_more_points_than_there_are(shop, books_balance):
    card = make_card(shop.merchant, points=300)
    spending(card)
    results = at_once([lambda: buy(card, 600, use_points=True) for _ in range(12)])
    used = sum(-entry.amount for entry in Entry.objects.filter(kind="spent"))
    earned = sum(sale.points for sale in succeeded(results))
    assert balance(card) == 300 - used + earned >= 0
    books_balance()


def reported(code):
    return next(one for one in all_invariants() if one.code == code).broken()[1]


@pytest.mark.sabotages("I81")
def test_a_purchase_that_does_not_count_or_counts_otherwise_is_reported(card):
    sale = buy(card, 5000)
    assert reported("I81") == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE loyalty_consumption DISABLE TRIGGER USER")
        cursor.execute("UPDATE loyalty_consumption SET amount = amount + 1")
    assert reported("I81") == [sale.pk]


@pytest.mark.sabotages("I82")
def test_a_saving_that_is_not_on_the_lines_is_reported(card):
    spending(card)
    give(card, 300)
    saving = buy(card, 5000, use_points=True).savings.get()
    assert reported("I82") == []
    PurchaseLine.objects.update(points_off=1)
    assert reported("I82") == [saving.pk]
