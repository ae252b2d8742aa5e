"""The ledger against a small model of itself, and against hands that go round its verbs."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty import actions
from loyalty.actions import AlreadySpent, AlreadyTakenBack, CardNotActive, NotEnough
from loyalty.cards.numbers import luhn_digit, new_number, normalise_number
from loyalty.models import Account, Allocation, Card, CardState, Entry, Lot
from loyalty.value.expiry import expiry_of
from portal.kernel.refused import KeyReused, Refused
from tests.loyalty.makers import balance, give, make_card, take

NOW = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(st.sampled_from(["earn", "spend", "reverse", "wait"]), st.integers(1, 40)), max_size=25
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_done_the_card_holds_what_a_list_of_lots_would(shop, books_balance, steps):
    """The model: lots as [left, expiry], spent from the one that expires first."""
    with transaction.atomic():
        card, moment = make_card(shop.merchant, points_expire_months=1), NOW
        lots: list[list[Any]] = []
        spends: list[tuple[Any, list[Any]]] = []
        for deed, size in steps:
            alive = [lot for lot in lots if lot[1] > moment]
            if deed == "wait":
                moment += timedelta(days=size)
            elif deed == "earn":
                give(card, size, moment=moment)
                lots.append([size, expiry_of(moment, 1, "Asia/Shanghai")])
            elif deed == "spend" and size > sum(lot[0] for lot in alive):
                with pytest.raises(NotEnough):
                    take(card, size, moment=moment)
            elif deed == "spend":
                used: list[Any] = []
                spends.append((take(card, size, moment=moment), used))
                left = size
                for lot in sorted(alive, key=lambda lot: lot[1]):
                    part = min(lot[0], left)
                    lot[0], left = lot[0] - part, left - part
                    used.append((lot, part))
            elif spends:
                entry, used = spends.pop()
                actions.reverse(entry, key=uuid.uuid4(), by=None, moment=moment)
                for lot, part in used:
                    lot[0] += part
        actions.expire_due(moment)
        assert balance(card) == sum(left for left, until in lots if until > moment)
        books_balance()
        transaction.set_rollback(True)


def test_the_same_key_earns_once_and_other_content_is_refused(shop):
    card, key = make_card(shop.merchant), uuid.uuid4()
    assert give(card, 38, key=key).pk == give(card, 38, key=key).pk
    assert balance(card) == 38
    with pytest.raises(KeyReused):
        give(card, 39, key=key)


def test_points_that_were_used_cannot_be_taken_back_and_the_answer_says_how_many(shop):
    card = make_card(shop.merchant)
    earned = give(card, 38)
    take(card, 30)
    with pytest.raises(AlreadySpent) as refusal:
        actions.reverse(earned, key=uuid.uuid4(), by=None)
    assert refusal.value.values == {"points": 38, "short": 30}
    assert balance(card) == 8


def test_an_entry_is_taken_back_once_and_a_counter_entry_never(shop):
    card = make_card(shop.merchant)
    back = actions.reverse(give(card, 38), key=uuid.uuid4(), by=None)
    with pytest.raises(AlreadyTakenBack):
        actions.reverse(back.reverses, key=uuid.uuid4(), by=None)
    with pytest.raises(Refused):
        actions.reverse(back, key=uuid.uuid4(), by=None)


def test_a_frozen_card_neither_earns_nor_spends(shop):
    card = make_card(shop.merchant, points=50)
    Card.objects.update(state=CardState.FROZEN)
    for deed in (give, take):
        with pytest.raises(CardNotActive):
            deed(card, 10)
    assert balance(card) == 50


def test_the_statement_runs_from_page_to_page_without_a_gap(shop):
    card = make_card(shop.merchant)
    for points in (10, 20, 30):
        give(card, points)
    take(card, 15)
    account = card.accounts.get()
    rows = list(Entry.objects.statement(account))
    assert [(row.amount, row.balance_after) for row in rows] == [(-15, 45), (30, 60), (20, 30), (10, 10)]
    older = Entry.objects.statement(account, before=rows[1].pk)
    assert [(row.amount, row.balance_after) for row in older] == [(20, 30), (10, 10)]


@pytest.mark.parametrize(
    ("moment", "months", "ends"),
    [
        (datetime(2026, 1, 31, 4, tzinfo=UTC), 1, datetime(2026, 2, 28, 16, tzinfo=UTC)),
        (datetime(2028, 2, 29, 4, tzinfo=UTC), 12, datetime(2029, 2, 28, 16, tzinfo=UTC)),
        (datetime(2026, 12, 31, 17, tzinfo=UTC), 1, datetime(2027, 2, 1, 16, tzinfo=UTC)),
    ],
)
def test_points_expire_at_the_end_of_a_day_of_the_place(moment, months, ends):
    assert expiry_of(moment, months, "Asia/Shanghai") == ends
    assert expiry_of(moment, None, "Asia/Shanghai") is None


def test_expired_points_leave_by_an_entry_of_their_own_and_cannot_be_spent(shop):
    card = make_card(shop.merchant, points_expire_months=1)
    give(card, 50, moment=NOW)
    give(card, 20, moment=NOW + timedelta(days=20))
    late = NOW + timedelta(days=40)
    with pytest.raises(NotEnough) as refusal:
        take(card, 21, moment=late)
    assert refusal.value.values == {"balance": 20, "short": 1}
    assert actions.expire_due(late) == 1
    assert actions.expire_due(late) == 0
    assert list(Entry.objects.filter(kind="expired").values_list("amount", flat=True)) == [-50]
    assert balance(card) == 20


def refused(name: str):
    return pytest.raises((IntegrityError, DatabaseError), match=name)


def test_the_database_itself_refuses_what_goes_round_the_verbs(shop, other_shop):
    card, foreign = make_card(shop.merchant, points=10), make_card(other_shop.merchant)
    entry, account, other = Entry.objects.get(), card.accounts.get(), foreign.accounts.get()
    deeds = {
        "account_never_overdrawn": lambda: Account.objects.filter(pk=account.pk).update(balance=-1),
        "entries_are_written_once": lambda: Entry.objects.update(amount=11),
        "Cannot update or delete rows from loyalty_entry": lambda: Entry.objects.all()._raw_delete("default"),
        "entry_once_per_key": lambda: copy_of(entry).save(),
        "entry_moves_something": lambda: copy_of(entry, amount=0, key=uuid.uuid4()).save(),
        "lot_holds_between": lambda: Lot.objects.update(remaining=99),
        "account_once_per_card": lambda: Account.objects.create(
            merchant=card.merchant, card=card, kind="points"
        ),
        "account_stays_with_its_card": lambda: Account.objects.filter(pk=other.pk).update(
            merchant=card.merchant
        ),
        "entry_stays_with_its_account": lambda: copy_of(entry, account=other, key=uuid.uuid4()).save(),
        "allocation_takes_something": lambda: Allocation.objects.create(
            merchant=card.merchant, entry=entry, lot=Lot.objects.get(), amount=0
        ),
    }
    for name, deed in deeds.items():
        with refused(name), transaction.atomic():
            deed()


def copy_of(entry: Entry, **changes) -> Entry:
    fields = ("merchant", "account", "amount", "kind", "key", "balance_after")
    return Entry(**({name: getattr(entry, name) for name in fields} | changes))


def test_a_number_has_a_check_digit_that_sees_any_single_slip():
    number = new_number()
    assert len(number) == 12
    assert luhn_digit(number[:-1]) == number[-1]
    assert normalise_number(f" {number[:4]} {number[4:8]}-{number[8:]} ") == number
    for place in range(12):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert normalise_number(wrong) is None
