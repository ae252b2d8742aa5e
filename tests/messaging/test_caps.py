"""Enough is enough: caps per merchant and over all, also when everybody sends at the same moment."""

import threading
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from messaging import actions, caps, delivery
from messaging.channels import Answer, Verdict
from messaging.kinds import Kind
from messaging.models import Contact, Dispatch, Reason, Source, State
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import DEAL_MAIL, RECEIPT_MAIL, FakeWay, make_message
from tests.messaging.test_races import together

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> FakeWay:
    fake = FakeWay()
    monkeypatch.setattr(delivery, "way", lambda channel: fake)
    return fake


def make_reader() -> User:
    """Somebody who wants every deal by e-mail, at any hour."""
    reader = make_user(email=f"reader{User.objects.count()}@example.org")
    actions.choose(reader, {("deals", "email"): True}, source=Source.PAGE)
    actions.set_quiet_hours(reader, time(0), time(0))
    return reader


def offered(reader: User, merchant: int, *, at: datetime, monkeypatch: Any, kind: Kind = DEAL_MAIL) -> str:
    """What becomes of one more offer at that time."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    message = make_message(reader, kind, merchant_id=merchant)
    Dispatch.objects.filter(message=message).update(due_at=at)
    delivery.send_due()
    row = message.dispatches.get()
    return row.reason or row.state


def test_one_a_day_over_all_merchants(way: FakeWay, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, at = make_reader(), NOON
    said = [offered(reader, merchant, at=at, monkeypatch=monkeypatch) for merchant in (1, 2, 3)]
    assert said == [State.SENT, Reason.CAPPED, Reason.CAPPED]
    just_before = NOON + A_DAY - timedelta(seconds=1)
    assert offered(reader, 2, at=just_before, monkeypatch=monkeypatch) == Reason.CAPPED
    assert offered(reader, 2, at=NOON + A_DAY, monkeypatch=monkeypatch) == State.SENT


def test_two_a_week_from_one_merchant(way: FakeWay, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = make_reader()
    days = [offered(reader, 1, at=NOON + day * A_DAY, monkeypatch=monkeypatch) for day in range(1, 9)]
    assert days == [State.SENT, State.SENT, *[Reason.CAPPED] * 5, State.SENT]
    assert offered(reader, 2, at=NOON + 9 * A_DAY, monkeypatch=monkeypatch) == State.SENT


def test_what_serves_the_person_is_never_capped(way: FakeWay, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = make_reader()
    for turn in range(5):
        at = NOON + turn * AN_HOUR
        assert offered(reader, 1, at=at, monkeypatch=monkeypatch, kind=RECEIPT_MAIL) == State.SENT
    assert not Contact.objects.exists()
    assert offered(reader, 1, at=NOON, monkeypatch=monkeypatch) == State.SENT


def test_one_message_on_two_ways_counts_once(settings: Any) -> None:
    reader = make_reader()
    message = make_message(reader, DEAL_MAIL, merchant_id=1)
    other = Dispatch.objects.create(message=message, channel="push", at_most_once=True)
    rows = [*message.dispatches.order_by("pk")]
    assert caps.admit(rows, NOON) == {rows[0].pk, other.pk}
    assert caps.admit([make_message(reader, DEAL_MAIL, merchant_id=2).dispatches.get()], NOON) == set()


def test_trying_again_is_not_counted_twice(way: FakeWay, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = make_reader()
    way.answers = [Answer(Verdict.RETRY, "HTTP 503")]
    assert offered(reader, 1, at=NOON, monkeypatch=monkeypatch) == State.QUEUED
    monkeypatch.setattr(timezone, "now", lambda: NOON + AN_HOUR)
    delivery.send_due()
    assert (Dispatch.objects.get().state, Contact.objects.count()) == (State.SENT, 1)


def test_what_reached_nobody_uses_up_nothing(way: FakeWay, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = make_reader()
    way.answers = [Answer(Verdict.REFUSED, "HTTP 413")]
    offered(reader, 1, at=NOON, monkeypatch=monkeypatch)
    assert not Contact.objects.exists()
    assert offered(reader, 2, at=NOON, monkeypatch=monkeypatch) == State.SENT


def test_no_faster_than_the_provider_takes_it(way: FakeWay, settings: Any, monkeypatch: Any) -> None:
    settings.MESSAGING_PACE = {"email": 3}
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    for _ in range(10):
        make_message(make_reader(), RECEIPT_MAIL)
    Dispatch.objects.update(due_at=NOON)
    sent = []
    for second in range(5):
        monkeypatch.setattr(timezone, "now", lambda second=second: NOON + timedelta(seconds=second))
        Dispatch.objects.filter(state=State.QUEUED).update(due_at=NOON)
        delivery.send_due()
        sent.append(len(way.parcels))
    assert sent == [3, 6, 9, 10, 10]


def five_merchants_at_once(reader: User) -> Counter[str]:
    for merchant in range(1, 6):
        make_message(reader, DEAL_MAIL, merchant_id=merchant)
    rows = list(Dispatch.objects.select_related("message").order_by("pk"))
    together(lambda number: caps.admit([rows[number]], NOON) if number < len(rows) else set())
    return Counter(Contact.objects.values_list("person", flat=True))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_five_merchants_at_the_same_moment_reach_a_person_once() -> None:
    reader = make_reader()
    assert five_merchants_at_once(reader) == {reader.pk: 1}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_taking_turns_all_five_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: they all count before any of them has written."""
    reader, looked = make_reader(), threading.Barrier(5)
    contacts = caps._contacts

    def look_and_wait(*args: Any) -> Any:
        found = contacts(*args)
        looked.wait(timeout=20)
        return found

    monkeypatch.setattr(caps, "_take_turns", lambda people: None)
    monkeypatch.setattr(caps, "_contacts", look_and_wait)
    assert five_merchants_at_once(reader) == {reader.pk: 5}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_workers_with_the_same_people_never_wait_in_a_circle() -> None:
    readers = [make_reader() for _ in range(6)]
    for merchant in range(1, 9):
        for reader in readers[:: 1 if merchant % 2 else -1]:
            make_message(reader, DEAL_MAIL, merchant_id=merchant)
    rows = list(Dispatch.objects.select_related("message"))
    answers = together(lambda n: caps.admit([r for r in rows if r.message.merchant_id == n + 1], NOON))
    assert all(isinstance(answer, set) for answer in answers), answers
    assert sum(len(answer) for answer in answers) == len(readers)
