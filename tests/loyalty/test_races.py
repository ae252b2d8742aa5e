"""Many hands on one card: the balance never falls below zero, and is seen to without the lock."""

import random
import uuid
from functools import partial
from threading import Barrier

import pytest

from loyalty import actions
from loyalty.actions import NotEnough, caps
from loyalty.actions.caps import OwesTooMuch
from loyalty.models import Account, Card, Entry, Refund, StoredValueTerms, ValueKind
from loyalty.value.ledger import NotEnoughMoney
from tests.cast import make_user
from tests.loyalty.makers import balance, give, holds, make_card, make_programme, take
from tests.loyalty.money import make_money_card, pay_in, pay_with
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
    right = sql_of("loyalty.migrations.0006_functions_of_the_ledger", "ACCOUNT")
    unlocked = right.replace(" FOR NO KEY UPDATE", "")
    wrong = unlocked.replace("RETURN held", "PERFORM pg_sleep(0.05); RETURN held")
    assert "FOR NO KEY UPDATE" not in wrong and "pg_sleep" in wrong
    lot_off, lot_on = constraint("loyalty_lot", "lot_holds_between_nothing_and_its_amount")
    off, on = constraint("loyalty_account", "account_never_overdrawn")
    lapse = sql_of("loyalty.migrations.0006_functions_of_the_ledger", "LAPSE")
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


def test_a_hundred_hands_pay_from_one_card_and_it_never_holds_less_than_nothing(shop, books_balance):
    card = make_money_card(shop)
    pay_in(card, 50_000)
    results = at_once([lambda: pay_with(card, 7_700)] * 100)
    assert len(succeeded(results)) == 7
    assert {type(loser) for loser in results if isinstance(loser, Exception)} == {NotEnoughMoney}
    assert sum(card.accounts.values_list("balance", flat=True)) == 55_000 - 7 * 7_700
    books_balance()


def test_many_hands_top_up_one_card_no_higher_than_its_cap(shop):
    card = make_money_card(shop, tiers=[], most_on_card=100_000)
    results = at_once([lambda: pay_in(card, 30_000)] * 24)
    assert len(succeeded(results)) == 3
    assert holds(card, ValueKind.PRINCIPAL) == 90_000


def test_many_hands_top_up_many_cards_no_higher_than_the_shop_may_owe(shop, books_balance):
    cards = [make_money_card(shop, make_user(), tiers=[], most_owed=100_000) for _ in range(6)]
    results = at_once([partial(pay_in, card, 30_000) for card in cards * 4])
    assert len(succeeded(results)) == 3
    assert {type(loser) for loser in results if isinstance(loser, Exception)} == {OwesTooMuch}
    assert sum(holds(card, ValueKind.PRINCIPAL) for card in cards) == 90_000
    books_balance()


def test_without_the_lock_many_hands_bring_more_than_the_shop_may_owe(shop, monkeypatch):
    cards = [make_money_card(shop, make_user(), tiers=[], most_owed=100_000) for _ in range(6)]
    all_look, judge = Barrier(6), caps.judge_together

    def all_look_first(*asked):
        judge(*asked)
        all_look.wait(timeout=20)

    unlocked = StoredValueTerms.objects.all()
    monkeypatch.setattr(StoredValueTerms.objects, "select_for_update", lambda **how: unlocked)
    monkeypatch.setattr(caps, "judge_together", all_look_first)
    assert len(succeeded(at_once([partial(pay_in, card, 30_000) for card in cards]))) == 6


def test_a_refund_and_payments_at_once_give_nothing_twice(shop, books_balance):
    card = make_money_card(shop, tiers=[])
    pay_in(card, 50_000)

    def refund():
        return actions.refund_card(card, quoted=50_000, key=uuid.uuid4(), by=card.customer.user)

    results = at_once([refund if turn % 2 else lambda: pay_with(card, 10_000) for turn in range(24)])
    refunds = [result for result in succeeded(results) if isinstance(result, Refund)]
    paid = len(succeeded(results)) - len(refunds)
    assert (len(refunds), paid) in [(1, 0), (0, 5)]
    books_balance()
