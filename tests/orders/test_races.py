"""Many hands at the counter: one key is one sale, one coupon is one discount."""

import uuid
from typing import Any

import pytest

from coupons.models import Redemption
from loyalty.models import Entry
from orders import actions
from orders.actions import sales
from orders.models import Purchase
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import balance, make_card
from tests.together import at_once, constraint, succeeded, without

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_hands_with_one_key_ring_up_one_sale(shop, cashier, books_balance):
    card, coupon = make_card(shop.merchant), make_coupon(shop.merchant)
    sale = {"merchant": shop.merchant, "shop": shop, "bill": 8000, "key": uuid.uuid4(), "by": cashier.user}
    results = at_once([lambda: actions.ring_up(**sale, card=card, coupon=coupon).pk] * 50)
    assert len(set(results)) == 1
    assert (Purchase.objects.count(), Redemption.objects.count(), Entry.objects.count()) == (1, 1, 1)
    assert balance(card) == 60
    card.customer.refresh_from_db()
    assert (card.customer.visits, card.customer.spent) == (1, 6000)
    books_balance()


def test_fifty_hands_with_one_key_and_neither_card_nor_coupon_ring_up_one_sale(shop, cashier):
    sale = {"merchant": shop.merchant, "shop": shop, "bill": 800, "key": uuid.uuid4(), "by": cashier.user}
    results = at_once([lambda: actions.ring_up(**sale).pk] * 50)
    assert len(set(results)) == 1
    assert Purchase.objects.count() == 1


def test_without_the_unique_key_one_key_rings_up_several_sales(shop, cashier):
    """The control: nobody looks before writing, the constraint is the guard."""
    sale = {"merchant": shop.merchant, "shop": shop, "bill": 800, "key": uuid.uuid4(), "by": cashier.user}
    off, on = constraint("orders_purchase", "purchase_once_per_key")
    with without(off, back=[on], empty="orders_purchase"):
        at_once([lambda: actions.ring_up(**sale)] * 50)
        assert Purchase.objects.count() > 1


def test_two_tills_with_one_coupon_give_one_discount(shop, cashier, manager, books_balance):
    coupon = make_coupon(shop.merchant)
    cards = [make_card(shop.merchant) for _ in range(24)]
    tills = [cashier.user, manager.user]
    results = at_once(
        [
            lambda card=card, by=tills[turn % 2]: actions.ring_up(
                merchant=shop.merchant,
                shop=shop,
                bill=8000,
                key=uuid.uuid4(),
                by=by,
                card=card,
                coupon=coupon,
            )
            for turn, card in enumerate(cards)
        ]
    )
    assert len(succeeded(results)) == 1
    assert Purchase.objects.get().discount == 2000
    books_balance()


def test_one_sale_is_undone_once_by_many_hands(shop, cashier, books_balance):
    card = make_card(shop.merchant)
    sale = actions.ring_up(
        merchant=shop.merchant, shop=shop, bill=3800, key=uuid.uuid4(), by=cashier.user, card=card
    )
    at_once([lambda: actions.undo(sale, by=cashier.user, reason="", key=uuid.uuid4())] * 24)
    assert balance(card) == 0
    card.customer.refresh_from_db()
    assert (card.customer.visits, card.customer.spent) == (0, 0)
    books_balance()


def test_a_verb_chosen_as_the_loser_of_a_deadlock_runs_again(shop, cashier, monkeypatch):
    from django.db import OperationalError

    class Deadlock(Exception):
        sqlstate = "40P01"

    write = sales._write
    fell: list[Any] = []

    def once_the_loser(*facts):
        if not fell:
            fell.append(True)
            raise OperationalError from Deadlock()
        return write(*facts)

    monkeypatch.setattr(sales, "_write", once_the_loser)
    sale = actions.ring_up(merchant=shop.merchant, shop=shop, bill=800, key=uuid.uuid4(), by=cashier.user)
    assert Purchase.objects.get() == sale
