"""Many hands on one card: the balance never falls below zero, and is seen to without the lock."""

import random
import uuid

import pytest

from loyalty import actions
from loyalty.actions import NotEnough
from loyalty.models import Account, Card, Entry
from tests.cast import make_user
from tests.loyalty.makers import balance, give, make_card, make_programme, take
from tests.together import at_once, constraint, sql_of, succeeded, without

pytestmark = pytest.mark.django_db(transaction=True)


def spend_with_fifty_hands(merchant) -> list:
    card = make_card(merchant, points=100)
    return at_once([lambda: take(card, 30)] * 50)


def test_fifty_hands_spend_no_more_than_there_is(shop):
    results = spend_with_fifty_hands(shop.merchant)
    assert len(succeeded(results)) == 3
    assert {type(loser) for loser in results if isinstance(loser, Exception)} == {NotEnough}
    assert Account.objects.get().balance == 10


def test_without_the_lock_more_is_spent_than_there_is(shop):
    """The control: the same function without its lock, the table without its checks."""
    right = sql_of("loyalty.migrations.0005_ledger_of_many_kinds", "ACCOUNT")
    wrong = right.replace(" FOR NO KEY UPDATE", "")
    assert wrong != right
    lot_off, lot_on = constraint("loyalty_lot", "lot_holds_between_nothing_and_its_amount")
    off, on = constraint("loyalty_account", "account_never_overdrawn")
    lapse = sql_of("loyalty.migrations.0005_ledger_of_many_kinds", "LAPSE")
    with without(
        wrong,
        lapse.replace(" FOR NO KEY UPDATE", ""),
        off,
        lot_off,
        back=[right, lapse, on, lot_on],
        empty="loyalty_account",
    ):
        spend_with_fifty_hands(shop.merchant)
        assert Account.objects.get().balance < 0


def test_a_storm_of_earning_spending_and_taking_back_ends_with_balanced_books(shop, books_balance):
    card, dice = make_card(shop.merchant, points=200), random.Random(7)

    def deed():
        turn = dice.randrange(3)
        if turn == 0:
            return give(card, dice.randrange(1, 30))
        if turn == 1:
            return take(card, dice.randrange(1, 60))
        entry = Entry.objects.filter(account__card=card, kind__in=("earned", "spent")).order_by("?")[0]
        return actions.reverse(entry, key=uuid.uuid4(), by=None)

    results = at_once([deed] * 200)
    account = Account.objects.get()
    assert len(succeeded(results)) > 50
    assert account.balance == sum(Entry.objects.values_list("amount", flat=True)) >= 0
    books_balance()


def test_fifty_hands_with_one_key_earn_once(shop):
    card, key = make_card(shop.merchant), uuid.uuid4()
    results = at_once([lambda: give(card, 38, key=key).pk] * 50)
    assert len(set(results)) == 1
    assert balance(card) == 38


def test_one_entry_is_taken_back_once_by_fifty_hands(shop):
    card = make_card(shop.merchant, points=100)
    entry = give(card, 38)
    results = at_once([lambda: actions.reverse(entry, key=uuid.uuid4(), by=None)] * 50)
    assert len(succeeded(results)) == 1
    assert balance(card) == 100


def test_one_person_with_many_hands_joins_once(merchant):
    programme, person = make_programme(merchant), make_user()
    results = at_once([lambda: actions.join(programme, person, by=person).pk] * 24)
    assert len(set(results)) == 1
    assert Card.objects.count() == Account.objects.count() == 1
