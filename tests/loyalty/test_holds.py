"""What is kept for one purpose can't be spent on another, and no hold lives for ever."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty import actions
from loyalty.actions import NotEnough
from loyalty.models import Card, Entry, Hold, ValueKind
from loyalty.value.ledger import NotHeld
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.loyalty.makers import balance, give, holds, make_card, take

pytestmark = pytest.mark.django_db


def kept(card: Card, amount: int, *, key=None, minutes: int = 10) -> Hold:
    now = timezone.now()
    until = now + timedelta(minutes=minutes)
    return actions.hold(card, amount, key=key or uuid.uuid4(), until=until, moment=now)


def test_what_is_held_cannot_be_spent_on_something_else(shop):
    card = make_card(shop.merchant, points=50)
    kept(card, 40)
    with pytest.raises(NotEnough) as refusal:
        take(card, 11)
    assert refusal.value.values == {"balance": 10, "short": 1}
    take(card, 10)
    assert balance(card) == 40


def test_a_hold_is_captured_once_and_for_no_more_than_it_kept(shop, books_balance):
    card = make_card(shop.merchant, points=50)
    hold = kept(card, 40)
    deed = {"shop": shop, "by": None}
    with pytest.raises(NotHeld):
        actions.spend(card, 41, hold=hold, key=uuid.uuid4(), **deed)
    entry = actions.spend(card, 30, hold=hold, key=uuid.uuid4(), **deed)
    hold.refresh_from_db()
    assert hold.captured_by_id == entry.pk
    with pytest.raises(NotHeld):
        actions.spend(card, 5, hold=hold, key=uuid.uuid4(), **deed)
    take(card, 20)
    books_balance()


def test_a_hold_past_its_time_keeps_nothing_though_nobody_removed_it(shop):
    card = make_card(shop.merchant, points=50)
    hold = kept(card, 50)
    later = timezone.now() + timedelta(minutes=11)
    assert take(card, 50, moment=later).amount == -50
    assert not actions.let_go(hold, moment=later)


def test_asked_twice_one_hold_and_other_content_is_refused(shop):
    card, key = make_card(shop.merchant, points=50), uuid.uuid4()
    assert kept(card, 20, key=key).pk == kept(card, 20, key=key).pk
    with pytest.raises(KeyReused):
        kept(card, 21, key=key)
    assert Hold.objects.count() == 1


def test_what_is_held_in_time_does_not_expire_while_it_is_held(shop, books_balance):
    card = make_card(shop.merchant, points_expire_months=1)
    give(card, 50)
    end = card.accounts.get().lots.get().expires_at
    before = end - timedelta(minutes=1)
    hold = actions.hold(card, 30, key=uuid.uuid4(), until=end + timedelta(minutes=9), moment=before)
    actions.expire_due(end)
    assert balance(card) == 30
    actions.spend(card, 30, hold=hold, key=uuid.uuid4(), shop=shop, by=None, moment=end)
    assert balance(card) == 0
    books_balance()


def test_points_taken_back_after_they_were_used_are_owed_and_paid_off_by_the_next(shop, books_balance):
    card = make_card(shop.merchant, points=50)
    take(card, 45)
    key = uuid.uuid4()
    for _attempt in range(2):
        clawed = actions.claw_back(card, 20, key=key, shop=shop, by=None)
        assert (clawed.taken, clawed.owed) == (5, 15)
    with pytest.raises(KeyReused):
        actions.claw_back(card, 21, key=key, shop=shop, by=None)
    give(card, 10)
    assert (balance(card), holds(card, ValueKind.DEBT)) == (0, 5)
    give(card, 10)
    assert (balance(card), holds(card, ValueKind.DEBT)) == (5, 0)
    books_balance()


def broken(code: str) -> list[int | str]:
    (count, rows) = next(one for one in all_invariants() if one.code == code).broken()
    assert count == len(rows)
    return rows


@pytest.mark.sabotages("I70")
def test_more_held_than_there_is_is_noticed(shop):
    card = make_card(shop.merchant, points=50)
    hold = kept(card, 50)
    assert broken("I70") == []
    Hold.objects.update(amount=51)
    assert broken("I70") == [hold.account_id]


@pytest.mark.sabotages("I71")
def test_more_captured_than_was_held_is_noticed(shop):
    card = make_card(shop.merchant, points=50)
    hold = kept(card, 30)
    actions.spend(card, 30, hold=hold, key=uuid.uuid4(), shop=shop, by=None)
    assert broken("I71") == []
    Hold.objects.update(amount=29)
    assert broken("I71") == [hold.pk]
    assert Entry.objects.filter(hold=hold).count() == 1


def test_what_is_held_stays_usable_when_points_are_taken_back_beside_it(shop, books_balance):
    """Points that wait go first then: a hold can't be captured from them."""
    card = make_card(shop.merchant, points=10)
    give(card, 10, waits=7)
    hold, deed = kept(card, 10), {"shop": shop, "by": None}
    actions.claw_back(card, 10, key=uuid.uuid4(), **deed)
    actions.spend(card, 10, key=uuid.uuid4(), hold=hold, **deed)
    assert balance(card) == 0
    books_balance()
