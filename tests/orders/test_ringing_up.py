"""One sale, one statement for all its rows; the same key again shows that sale whatever changed since."""

import uuid

import pytest

from loyalty.actions import change_programme
from loyalty.models import Card, CardState
from merchants.models import Customer
from orders.actions import Item, ring_up
from orders.models import Purchase
from portal.kernel.refused import KeyReused
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import balance, make_card


@pytest.fixture
def sell(shop, owner):
    def sell(bill=3800, key=None, **more):
        facts = {"merchant": shop.merchant, "shop": shop, "by": owner, "key": key or uuid.uuid4()}
        return ring_up(bill=bill, **facts, **more)

    return sell


def test_the_lines_the_shares_of_the_discount_and_the_customers_sums_are_written(sell, merchant, consumer):
    coupon = make_coupon(merchant, consumer)
    sale = sell(bill=7001, coupon=coupon, items=[Item("剪发", 6000, 2), Item("洗发水", 1001)])

    kept = Purchase.objects.get()
    assert (kept, kept.bill, kept.discount, kept.paid) == (sale, 7001, 2000, 5001)
    lines = list(kept.lines.order_by("-amount").values_list("said", "quantity", "amount", "discount"))
    assert lines == [("剪发", 2, 6000, 1714), ("洗发水", 1, 1001, 286)]
    known = Customer.objects.get(pk=coupon.customer_id)
    assert (known.visits, known.spent, known.last_visit_at) == (1, 5001, sale.made_at)


def test_a_sale_to_nobody_in_particular_has_a_line_too(sell):
    assert sell().lines.get().amount == 3800


def test_the_same_key_shows_the_sale_after_the_card_was_frozen_and_the_terms_changed(sell, merchant, owner):
    card, key = make_card(merchant), uuid.uuid4()
    first = sell(key=key, card=card)
    Card.objects.update(state=CardState.FROZEN)
    change_programme(card.programme, by=owner, points_per_unit=3)
    assert sell(key=key, card=Card.objects.get()) == first
    assert balance(card) == 38


def test_the_same_key_with_another_bill_is_refused_and_writes_nothing(sell, merchant, books_balance):
    card, key = make_card(merchant), uuid.uuid4()
    sell(key=key, card=card)
    with pytest.raises(KeyReused):
        sell(bill=100, key=key)
    assert Purchase.objects.count() == 1
    books_balance()
