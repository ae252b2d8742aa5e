"""Goods that come back of a sale that is known: they take what they earned, all of them take all of it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty import actions
from loyalty.models import Lot, ValueKind
from merchants.models import Customer, Service
from orders.actions import Item, take_back_goods, undo
from orders.actions.returns import MoreThanPaid, NotOurs, OwnReturn, SaleUndone
from orders.actions.undoing import GoodsCameBack
from orders.models import Purchase, PurchaseLine, Return
from orders.returning import returnable
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_shop, make_user, owner_of
from tests.loyalty.makers import (
    balance,
    buy,
    give,
    holds,
    make_card,
    make_levels,
    make_scheme,
    rank_of,
    take,
)
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(shop, consumer):
    return make_card(shop.merchant, consumer)


@pytest.fixture
def bring(shop, owner):
    def bring(sale, amount=None, *, line=0, key=None, **more):
        lines = (
            PurchaseLine.objects.filter(purchase=sale)
            .select_related("purchase__card__customer")
            .order_by("pk")
        )
        facts = {"merchant": shop.merchant, "shop": shop, "by": owner, "key": key or uuid.uuid4()}
        return take_back_goods(**facts | more, amount=amount, line=lines[line], reason="破损")

    return bring


def earning(card, **rule):
    by = owner_of(card.merchant)
    actions.set_earning(card.programme, by=by, points_per_unit=rule.pop("points_per_unit", 1), **rule)


def silver(card, **gives):
    """One level up from now on."""
    make_levels(card.programme, 100, gives={1: gives})
    buy(card, 100)
    assert rank_of(card) == 1


RULES = {
    "by amount": {"points_per_unit": 3, "rounding": "up"},
    "by visit": {"basis": "visit", "each": 25},
    "by item": {"basis": "item", "each": 7},
    "double today": {"weekdays": [200] * 7},
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_sale_that_comes_back_in_pieces_leaves_no_point_behind(card, bring, books_balance, rule):
    silver(card, multiplier=130)
    earning(card, **rule)
    before = balance(card)
    sale = buy(card, 3334, items=[Item("毛巾", 1111, 3), Item("梳子", 2223)])
    assert sale.points > 0
    earning(card, points_per_unit=9)  # the rules of today have no say in it
    for line, amount in ((0, 400), (1, 1000), (0, 11), (1, None)):
        bring(sale, amount, line=line)
        assert balance(card) > before
    bring(sale)
    assert (balance(card), holds(card, ValueKind.DEBT)) == (before, 0)
    assert sum(Return.objects.values_list("points", flat=True)) == sale.points
    assert Purchase.objects.get(pk=sale.pk).returned_at
    books_balance()


def test_goods_take_what_they_earned_themselves(card, shop, bring):
    wash = Service.objects.create(shop=shop, name="洗车", price=5000)
    earning(card, excluded=[wash.pk])
    sale = buy(card, 9000, items=[Item("", 5000, 1, wash), Item("蜡", 4000)])
    assert list(sale.lines.order_by("pk").values_list("points", flat=True)) == [0, 40]
    assert (bring(sale, line=0).points, bring(sale, 1000, line=1).points) == (0, 10)


def test_a_campaign_that_is_over_takes_along_what_it_gave(card, bring):
    day = timezone.now()
    facts = {"by": owner_of(card.merchant), "key": uuid.uuid4(), "starts_on": day.date() - timedelta(days=2)}
    actions.run_points_campaign(
        card.programme, name="三倍", multiplier=300, ends_on=day.date() - timedelta(days=1), **facts
    )
    sale = buy(card, 1000, moment=day - timedelta(days=1, hours=9))
    assert (sale.points, bring(sale).points) == (30, 30)


def test_all_that_came_back_gives_back_points_that_paid_and_takes_level_and_stamps(
    card, bring, books_balance
):
    scheme = make_scheme(card.programme, needed=3)
    make_levels(card.programme, 1_000)
    half = {"points": 100, "worth": 100, "minimum": 100, "share": 50, "is_on": True}
    actions.set_spending(card.programme, by=owner_of(card.merchant), **half)
    give(card, 500)
    before = list(Lot.objects.filter(amount=500).values_list("remaining", "expires_at"))
    sale = buy(card, 100_000, use_points=True)
    assert (sale.paid, rank_of(card), balance(card)) == (99_500, 1, 995)
    bring(sale, 500)
    assert rank_of(card) == 1
    bring(sale)
    assert (balance(card), rank_of(card)) == (500, 0)
    assert list(Lot.objects.filter(amount=500).values_list("remaining", "expires_at")) == before
    assert not card.stamp_cards.filter(scheme=scheme, held__gt=0).exists()
    assert Customer.objects.get(pk=card.customer_id).spent == 0
    books_balance()


def test_points_that_were_used_since_are_owed(card, bring, books_balance):
    sale = buy(card, 10_000)
    take(card, 70)
    assert bring(sale, 5_000).points == 50
    assert (balance(card), holds(card, ValueKind.DEBT)) == (0, 20)
    books_balance()


def test_more_than_was_paid_comes_back_never(card, bring):
    sale = buy(card, 3800)
    bring(sale, 3000)
    with pytest.raises(MoreThanPaid, match=r"¥8\.00"):
        bring(sale, 801)
    bring(sale)
    with pytest.raises(MoreThanPaid):
        bring(sale)
    assert Return.objects.count() == 2


def test_the_same_key_takes_back_once_also_when_nothing_is_left(card, bring):
    sale, other, key = buy(card, 3800), buy(card, 3800), uuid.uuid4()
    assert bring(sale, key=key) == bring(sale, key=key) == bring(sale, 3800, key=key)
    for again in ({"sale": sale, "amount": 100}, {"sale": other}):
        with pytest.raises(KeyReused):
            bring(**again, key=key)


def test_an_undone_sale_has_nothing_to_take_back_and_one_with_returns_is_not_undone(card, bring, owner):
    undone, sale = buy(card, 3800), buy(card, 3800)
    undo(undone, by=owner, reason="", key=uuid.uuid4())
    with pytest.raises(SaleUndone):
        bring(undone)
    bring(sale, 100)
    with pytest.raises(GoodsCameBack):
        undo(sale, by=owner, reason="", key=uuid.uuid4())
    assert balance(card) == 37


def test_nobody_brings_back_their_own_or_to_another_merchant(shop, bring, owner, other_shop):
    sale = buy(make_card(shop.merchant, make_user()), 3800)
    with pytest.raises(NotOurs):
        bring(sale, merchant=other_shop.merchant, shop=other_shop, by=owner_of(other_shop.merchant))
    with pytest.raises(OwnReturn):
        bring(sale, by=Customer.objects.get(pk=sale.customer_id).user)


def test_without_a_receipt_the_terms_of_today_decide_and_a_visit_keeps_its_points(card, shop, owner):
    facts = {"merchant": shop.merchant, "shop": shop, "by": owner, "card": card}
    silver(card, multiplier=200)
    assert take_back_goods(amount=1000, key=uuid.uuid4(), **facts).points == 20
    earning(card, basis="item", each=7)
    assert take_back_goods(amount=1000, quantity=3, key=uuid.uuid4(), **facts).points == 42
    earning(card, basis="visit", each=25)
    assert take_back_goods(amount=1000, key=uuid.uuid4(), **facts).points == 0


@pytest.mark.django_db(transaction=True)
def test_ten_hands_bring_the_same_goods_and_one_is_paid(card, bring, books_balance):
    sale = buy(card, 3800)
    results = at_once([lambda: bring(sale, 2000)] * 10)
    assert len(succeeded(results)) == 1
    assert balance(card) == 18
    books_balance()


@pytest.mark.sabotages("I121")
@pytest.mark.parametrize("wrong", [{"amount": 3801}, {"points": 39}])
def test_more_that_came_back_than_was_sold_is_found(card, bring, wrong):
    sale = buy(card, 3800)
    taken = bring(sale, 1000)
    Return.objects.filter(pk=taken.pk).update(**wrong)
    (check,) = [one for one in all_invariants() if one.code == "I121"]
    assert check.broken()[1] == [sale.pk]


# --- at the counter


def page_of(shop):
    return f"/m/{shop.merchant.slug}/counter/take-back/"


def test_the_manager_chooses_the_sale_and_all_that_is_left_comes_back(shop, manager, card):
    sale = buy(card, 3800)
    browser = client_of(manager.user, language="en")
    page = browser.get(f"{page_of(shop)}?card={card.token}").content.decode()
    assert "The receipt is lost" in page
    assert "¥38.00" in page
    line = sale.lines.get()
    form = {
        "key": uuid.uuid4(),
        "line": line.pk,
        "amount": "",
        "reason": "破损",
        "shop": shop.slug,
        "card": card.token,
    }
    for _ in range(2):  # a second tap finds the first one's answer
        done = browser.post(page_of(shop), form)
        assert done.status_code == 302
    assert Return.objects.get().amount == 3800
    listed = browser.get(f"/m/{shop.merchant.slug}/counter/activity/").content.decode()
    assert "All of it came back" in listed
    assert "−38 points" in browser.get(f"/r/{sale.token}/").content.decode()
    assert returnable(card, timezone.now()) == []


def test_without_a_sale_the_amount_must_be_said_and_a_strangers_sale_is_no_choice(shop, manager, card):
    buy(card, 3800)
    other = buy(make_card(make_shop().merchant), 3800).lines.get()
    browser = client_of(manager.user, language="en")
    form = {"key": uuid.uuid4(), "amount": "", "reason": "破损", "shop": shop.slug, "card": card.token}
    assert "Enter what was paid back" in browser.post(page_of(shop), form).content.decode()
    assert browser.post(page_of(shop), form | {"line": other.pk}).status_code == 422
    assert browser.post(page_of(shop), form | {"line": "x" * 50}).status_code == 422
    assert not Return.objects.exists()
