"""What passes promise at all times: the last visit is used once, and a pass that lies is named."""

import uuid

import pytest
from django.db import connection

from loyalty.models import Entry, ValueKind
from orders.models import Purchase
from portal.kernel.invariants import all_invariants
from tests.cast import make_user
from tests.loyalty.makers import make_card
from tests.passes.makers import left, refund, sell, visit
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_hands_on_the_last_visit_use_it_once(shop, books_balance):
    held = sell(make_card(shop.merchant, make_user()), visits=2, price=3_001)
    visit(held)
    assert len(succeeded(at_once([lambda: visit(held) for _ in range(20)]))) == 1
    assert (left(held), sum(Purchase.objects.values_list("paid", flat=True))) == (0, 3_001)
    again = sell(held.card, held.offer)
    key = uuid.uuid4()
    assert len(succeeded(at_once([lambda: visit(again, key=key) for _ in range(8)]))) == 8
    assert left(again) == 1
    books_balance()


SABOTAGE = {
    "I141": "UPDATE orders_tender SET amount = amount + 1 WHERE kind = 'visits'",
    "I142": "UPDATE loyalty_visitpass SET unearned = unearned - 1 WHERE unearned > 0",
    "I143": "UPDATE loyalty_visitpass SET visits = 1",
    "I144": "UPDATE loyalty_allocation a SET lot_id = l.id FROM loyalty_lot l, loyalty_entry e"
    " WHERE e.id = a.entry_id AND e.amount = -1 AND l.id <> a.lot_id",
    "I145": "UPDATE loyalty_refund SET visits = visits + 1",
}


@pytest.mark.sabotages("I141", "I142", "I143", "I144", "I145")
@pytest.mark.parametrize("code", SABOTAGE)
def test_a_pass_that_lies_is_reported(card, code):
    held = sell(card)
    visit(held)
    sell(card)
    refund(sell(card), 30_000)
    broken = next(one for one in all_invariants() if one.code == code)
    assert broken.broken()[1] == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE loyalty_allocation DISABLE TRIGGER USER")
        cursor.execute(SABOTAGE[code])
    assert broken.broken()[1] != []


def test_the_statement_of_visits_says_what_came_and_went(card):
    held = sell(card)
    visit(held)
    steps = Entry.objects.filter(account__kind=ValueKind.VISITS).order_by("pk")
    assert [(one.kind, one.amount, one.balance_after) for one in steps] == [
        ("bought", 10, 10),
        ("spent", -1, 9),
    ]
