"""The ledger and a page of arithmetic live through the same random days, and always say the same."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
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
from loyalty.models import Hold, Lot, ValueKind
from loyalty.value.expiry import expiry_of, usable_of
from loyalty.value.ledger import NotHeld
from merchants.models import Shop
from tests.loyalty.makers import give, holds, make_card, take

SIZE = st.integers(1, 40)
# long ago, so that what the model holds is over for those who look at the clock of today; before a leap day
ZERO = datetime(2019, 12, 30, 4, 0, tzinfo=UTC)


class Card(RuleBasedStateMachine):
    """The model: lots as ``[left, expiry, usable from]``, spent in the order of expiry once they can be used,
    holds with their ends, a debt."""

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

    def waiting(self) -> int:
        return sum(lot[0] for lot in self.lots if self.waits(lot))

    def waits(self, lot: list[Any]) -> bool:
        return lot[2] is not None and lot[2] > self.now

    def free(self) -> int:
        """What can be chosen to be spent: neither promised nor waiting."""
        return self.total() - self.kept() - self.waiting()

    def lapse(self) -> None:
        """What expired leaves, but for what is held."""
        expired = sum(left for left, until, _usable in self.lots if until <= self.now)
        self.draw(max(0, min(expired, self.free())))

    def total(self) -> int:
        return sum(lot[0] for lot in self.lots)

    def draw(self, amount: int) -> None:
        """From what can be used, the first to expire first."""
        self.draw_from([lot for lot in self.lots if not self.waits(lot)], amount)

    def draw_from(self, lots: list[list[Any]], amount: int) -> None:
        for lot in sorted(lots, key=lambda lot: lot[1]):
            part = min(lot[0], amount)
            lot[0], amount = lot[0] - part, amount - part
        assert amount == 0

    def draw_unasked(self, amount: int) -> None:
        """From all lots: what waits comes last, but first while something else is promised."""
        waiting = self.waiting()
        late = min(waiting, amount) if self.kept() else max(0, amount - (self.total() - waiting))
        self.draw_from([lot for lot in self.lots if self.waits(lot)], late)
        self.draw(amount - late)

    def settle(self) -> None:
        paid = max(0, min(self.debt, self.total() - self.kept()))
        self.draw_unasked(paid)
        self.debt -= paid

    @rule(size=SIZE, days=st.sampled_from([0, 0, 1, 7, 90]))
    def earn(self, size: int, days: int) -> None:
        deed: dict[str, Any] = {"key": uuid.uuid4(), "moment": self.now, "waits": days}
        give(self.card, size, **deed)
        self.again.append(lambda: give(self.card, size, **deed))
        usable = usable_of(self.now, days, "Asia/Shanghai")
        self.lots.append([size, expiry_of(usable or self.now, 2, "Asia/Shanghai"), usable])
        self.settle()

    @rule(size=SIZE)
    def spend(self, size: int) -> None:
        key, moment = uuid.uuid4(), self.now
        self.lapse()
        if size > self.free():
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
        if size > self.free():
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
        self.draw_unasked(taken)
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
        assert self.total() - self.waiting() >= self.kept()

    @invariant()
    def what_waits_is_let_alone(self) -> None:
        late = Lot.objects.filter(account__card=self.card, usable_from__gt=self.now)
        assert late.aggregate(left=Sum("remaining", default=0))["left"] == self.waiting()


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
