"""A segment's offer is claimed while its customer is being taken off, and the control."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import SimpleQueue
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from coupons.models import Coupon
from crm.actions.segments import hold_in, take_off
from crm.models import Membership, Segment
from merchants.models import Customer
from tests.cast import make_shop
from tests.crm.test_offers_for_segments import claim, known, listed, offer_for, person_of
from tests.together import sql_of

pytestmark = pytest.mark.django_db(transaction=True)


class Off:
    """Somebody takes the customer off the list from another connection, while the claim is under way."""

    def __init__(self, segment: Segment, customer: Customer) -> None:
        self.pid: SimpleQueue[int] = SimpleQueue()
        self.segment, self.customer = segment, customer

    def __call__(self) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid.put(cursor.fetchone()[0])
            take_off(self.segment, [self.customer.pk], by=self.segment.by)
            return "done"
        finally:
            connection.close()


def claimed_while_taken_off() -> list[str]:
    """What came first: the claim that has looked already, or the other's removal."""
    customer = known(make_shop().merchant)
    friends = listed(customer)
    offer, off, order = offer_for(friends), Off(friends, customer), []
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            assert hold_in(friends, [person_of(customer).pk], moment=timezone.now())
            removal = pool.submit(off)
            _until_it_waits_or_is_done(off.pid.get(timeout=20), removal)
            order.append("taken off" if removal.done() else "waiting")
            claim(offer, customer)
        removal.result(timeout=20)
    return order


def _until_it_waits_or_is_done(pid: int, removal: Any) -> None:
    with connection.cursor() as cursor:
        for _ in range(20_000):  # minutes, on a machine that is busy with other things
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted), pg_sleep(0.005)", [pid]
            )
            if removal.done() or cursor.fetchone()[0]:
                return


def test_nobody_is_taken_off_while_their_coupon_is_being_written() -> None:
    assert claimed_while_taken_off() == ["waiting"]
    assert Coupon.objects.get().claimed_at <= timezone.now() + timedelta(seconds=1)
    assert Membership.objects.get().until is not None


def test_without_holding_the_membership_somebody_off_the_list_gets_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: nothing is held, and the database only looks at what was read before."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_more: rows)
    monkeypatch.setattr("crm.groups.hold_in", lambda segment, people, *, moment: set(people))
    guard = sql_of("crm.migrations.0002_walls_and_guards", "CLAIM")
    blind = guard.replace("AND m.until IS NULL FOR SHARE", "")
    try:
        with connection.cursor() as cursor:
            cursor.execute(blind)
        assert claimed_while_taken_off() == ["taken off"]
        assert Coupon.objects.exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(guard)
