"""The ledger and a page of arithmetic live through the same random days, and always say the same."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from loyalty import actions
from loyalty.actions import NotEnough
from loyalty.expiry import expiry_of
from loyalty.ledger import NotHeld
from loyalty.models import Hold, ValueKind
from merchants.models import Shop
from tests.loyalty.makers import give, holds, make_card, take

SIZE = st.integers(1, 40)
# long ago, so that what the model holds is over for those who look at the clock of today; before a leap day
ZERO = datetime(2019, 12, 30, 4, 0, tzinfo=UTC)


class Card(RuleBasedStateMachine):
    """The model: lots as ``[left, expiry]``, spent in the order of expiry, holds with their ends, a debt."""

    shop: Shop
    books_balance: Callable[[], None]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.card = make_card(self.shop.merchant, points_expire_months=2)
        self.now = ZERO
        self.lots: list[list[Any]] = []
        self.held: list[tuple[Hold, datetime]] = []
        self.debt = 0
        self.again: list[Callable[[], Any]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def kept(self) -> int:
        return sum(hold.amount for hold, until in self.held if until > self.now)

    def lapse(self) -> None:
        """What expired leaves, but for what is held."""
        expired = sum(left for left, until in self.lots if until <= self.now)
        self.draw(max(0, min(expired, self.total() - self.kept())))

    def total(self) -> int:
        return sum(left for left, _until in self.lots)

    def draw(self, amount: int) -> None:
        for lot in sorted(self.lots, key=lambda lot: lot[1]):
            part = min(lot[0], amount)
            lot[0], amount = lot[0] - part, amount - part

    def settle(self) -> None:
        paid = max(0, min(self.debt, self.total() - self.kept()))
        self.draw(paid)
        self.debt -= paid

    @rule(size=SIZE)
    def earn(self, size: int) -> None:
        key, moment = uuid.uuid4(), self.now
        give(self.card, size, key=key, moment=moment)
        self.again.append(lambda: give(self.card, size, key=key, moment=moment))
        self.lots.append([size, expiry_of(moment, 2)])
        self.settle()

    @rule(size=SIZE)
    def spend(self, size: int) -> None:
        key, moment = uuid.uuid4(), self.now
        self.lapse()
        if size > self.total() - self.kept():
            with pytest.raises(NotEnough):
                take(self.card, size, key=key, moment=moment)
            # the refusal takes back the lapse too; the sweep writes it again
            actions.expire_due(moment)
            return
        take(self.card, size, key=key, moment=moment)
        self.again.append(lambda: take(self.card, size, key=key, moment=moment))
        self.draw(size)

    @rule(size=SIZE, minutes=st.integers(5, 5000))
    def hold(self, size: int, minutes: int) -> None:
        until = self.now + timedelta(minutes=minutes)
        wanted: dict[str, Any] = {"key": uuid.uuid4(), "until": until, "moment": self.now}
        self.lapse()
        if size > self.total() - self.kept():
            with pytest.raises(NotEnough):
                actions.hold(self.card, size, **wanted)
            actions.expire_due(self.now)
            return
        self.held.append((actions.hold(self.card, size, **wanted), until))
        self.again.append(lambda: actions.hold(self.card, size, **wanted))

    @precondition(lambda self: self.held)
    @rule(less=st.integers(0, 39))
    def capture(self, less: int) -> None:
        hold, until = self.held.pop()
        amount = max(1, hold.amount - less)
        deed: dict[str, Any] = {"shop": self.shop, "by": None, "key": uuid.uuid4(), "moment": self.now}
        if until <= self.now:
            with pytest.raises(NotHeld):
                actions.spend(self.card, amount, hold=hold, **deed)
            return
        self.held.append((hold, until))
        self.lapse()
        self.held.pop()
        actions.spend(self.card, amount, hold=hold, **deed)
        self.draw(amount)

    @precondition(lambda self: self.held)
    @rule()
    def let_go(self) -> None:
        hold, until = self.held.pop()
        assert actions.let_go(hold, moment=self.now) == (until > self.now)
        assert not actions.let_go(hold, moment=self.now)

    @rule(size=SIZE)
    def claw_back(self, size: int) -> None:
        self.lapse()
        deed: dict[str, Any] = {"shop": self.shop, "by": None, "key": uuid.uuid4(), "moment": self.now}
        clawed = actions.claw_back(self.card, size, **deed)
        taken = max(0, min(size, self.total() - self.kept()))
        assert (clawed.taken, clawed.owed) == (taken, size - taken)
        self.draw(taken)
        self.debt += size - taken
        self.again.append(lambda: actions.claw_back(self.card, size, **deed))

    @precondition(lambda self: self.again)
    @rule(which=st.integers(0, 1000))
    def retry(self, which: int) -> None:
        """Whatever was done is asked for once more, at any later time: nothing moves."""
        self.again[which % len(self.again)]()

    @rule(hours=st.integers(1, 800))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        actions.expire_due(self.now)
        self.lapse()

    @invariant()
    def both_agree(self) -> None:
        assert holds(self.card, ValueKind.POINTS) == self.total()
        assert holds(self.card, ValueKind.DEBT) == self.debt
        assert self.total() >= self.kept()


def test_the_ledger_agrees_with_its_model_whatever_happens(shop, books_balance):
    class Here(Card):
        def teardown(self) -> None:
            books_balance()
            super().teardown()

    Here.shop = shop
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
