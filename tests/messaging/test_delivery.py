"""What becomes of a dispatch: claimed, sent, put off, tried again, parked, broken off."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging import actions, delivery
from messaging.channels import Answer, Parcel, Verdict
from messaging.models import Dispatch, Priority, Reason, Source, State
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import (
    DEAL_MAIL,
    RECEIPT_MAIL,
    WARNING,
    FakeWay,
    make_message,
)

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
NIGHT = datetime.fromisoformat("2026-11-22T23:30:00+08:00")


@pytest.fixture
def reader(db: None) -> User:
    return make_user(email="reader@example.org", name="张女士")


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> FakeWay:
    fake = FakeWay()
    monkeypatch.setattr(delivery, "way", lambda channel: fake)
    return fake


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``at(moment)``: the worker's clock stands there."""

    def stand(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        Dispatch.objects.filter(state=State.QUEUED, due_at__gt=moment).update(due_at=moment)

    return stand


def agreed(person: User) -> User:
    actions.choose(person, {("deals", "email"): True}, source=Source.PAGE)
    return person


def the_dispatch() -> Dispatch:
    return Dispatch.objects.get()


def test_what_is_due_is_sent_once(reader: User, way: FakeWay) -> None:
    make_message(reader, RECEIPT_MAIL, shop="青禾理发", amount="¥38")
    assert delivery.send_due() is False
    delivery.send_due()
    assert [(p.address, p.title, p.body) for p in way.parcels] == [
        ("reader@example.org", "Paid at 青禾理发", "You paid ¥38.")
    ]
    sent = the_dispatch()
    assert (sent.state, sent.attempts, sent.claim, sent.reason) == (State.SENT, 1, None, "")
    assert sent.sent_at


def test_urgent_messages_overtake_bulk(reader: User, way: FakeWay) -> None:
    for _ in range(3):
        make_message(agreed(reader), DEAL_MAIL)
    make_message(reader, WARNING)
    assert delivery.claim(timezone.now()).rows[0].priority == Priority.URGENT


def test_a_temporary_refusal_is_tried_again_later_and_later(reader: User, way: FakeWay) -> None:
    make_message(reader, RECEIPT_MAIL)
    moment = timezone.now()
    way.answers = [Answer(Verdict.RETRY, "HTTP 503"), Answer(Verdict.RETRY, "HTTP 429", wait=120)]
    delivery.send_due()
    first = the_dispatch()
    assert (first.state, first.last_error, first.attempts) == (State.QUEUED, "HTTP 503", 1)
    assert timedelta(seconds=2) <= first.due_at - moment < timedelta(seconds=8)
    Dispatch.objects.update(due_at=moment)
    delivery.send_due()
    assert the_dispatch().due_at - moment >= timedelta(seconds=120)


def test_ten_failures_park_it_and_staff_may_try_again(reader: User, way: FakeWay) -> None:
    make_message(reader, RECEIPT_MAIL)
    way.answers = [Answer(Verdict.RETRY, "HTTP 503")] * 10
    for _ in range(12):
        Dispatch.objects.update(due_at=timezone.now())
        delivery.send_due()
    assert (the_dispatch().state, the_dispatch().attempts) == (State.PARKED, 10)
    assert actions.try_again(Dispatch.objects.all()) == 1
    delivery.send_due()
    assert the_dispatch().state == State.SENT
    assert len(way.parcels) == 11


def test_what_the_provider_will_never_take_is_parked_at_once(reader: User, way: FakeWay) -> None:
    make_message(reader, RECEIPT_MAIL)
    way.answers = [Answer(Verdict.REFUSED, "HTTP 413")]
    delivery.send_due()
    assert (the_dispatch().state, the_dispatch().last_error) == (State.PARKED, "HTTP 413")


def test_an_unclear_receipt_is_repeated_under_the_same_token(reader: User, way: FakeWay) -> None:
    make_message(reader, RECEIPT_MAIL)
    way.answers = [Answer(Verdict.UNCLEAR, "ReadTimeout")]
    delivery.send_due()
    Dispatch.objects.update(due_at=timezone.now())
    delivery.send_due()
    assert len(way.parcels) == 2
    assert len({parcel.token for parcel in way.parcels}) == 1
    assert the_dispatch().state == State.SENT


def test_unclear_advertising_is_never_repeated(reader: User, way: FakeWay, at: Any) -> None:
    make_message(agreed(reader), DEAL_MAIL)
    at(NOON)
    way.answers = [Answer(Verdict.UNCLEAR, "ReadTimeout")]
    delivery.send_due()
    delivery.send_due()
    assert len(way.parcels) == 1
    assert (the_dispatch().state, the_dispatch().reason) == (State.UNSURE, Reason.BROKEN_OFF)


def test_an_error_that_nobody_foresaw_counts_as_unclear(reader: User, way: FakeWay) -> None:
    make_message(reader, RECEIPT_MAIL)
    way.answers = [RuntimeError("boom")]
    delivery.send_due()
    assert (the_dispatch().state, the_dispatch().last_error) == (State.QUEUED, "RuntimeError")


@pytest.mark.parametrize(
    ("kind", "state", "after"),
    [
        (RECEIPT_MAIL, State.CLAIMED, State.QUEUED),
        (DEAL_MAIL, State.CLAIMED, State.QUEUED),
        (RECEIPT_MAIL, State.SENDING, State.QUEUED),
        (DEAL_MAIL, State.SENDING, State.UNSURE),
    ],
)
def test_what_a_dead_worker_held_is_taken_back(reader: User, kind: Any, state: str, after: str) -> None:
    make_message(agreed(reader), kind)
    moment = timezone.now()
    held = delivery.claim(moment)
    Dispatch.objects.update(state=state)
    delivery.settle_abandoned(moment + delivery.LEASE - timedelta(seconds=1))
    assert the_dispatch().claim == held.claim
    delivery.settle_abandoned(moment + delivery.LEASE + timedelta(seconds=1))
    assert (the_dispatch().state, the_dispatch().attempts) == (after, 0)


def test_a_worker_that_wakes_up_too_late_sends_nothing_and_settles_nothing(
    reader: User, way: FakeWay
) -> None:
    make_message(reader, RECEIPT_MAIL)
    moment = timezone.now()
    stale = delivery.claim(moment)
    delivery.settle_abandoned(moment + delivery.LEASE * 2)
    fresh = delivery.claim(moment)
    with ThreadPoolExecutor(1) as pool:
        delivery._send(stale, pool)
    assert way.parcels == []
    assert (the_dispatch().state, the_dispatch().claim) == (State.CLAIMED, fresh.claim)


def test_advertising_waits_for_a_yes_and_a_no_holds_at_once(reader: User, way: FakeWay, at: Any) -> None:
    make_message(reader, DEAL_MAIL)
    make_message(agreed(reader), DEAL_MAIL)
    actions.choose(reader, {("deals", "email"): False}, source=Source.LINK)
    at(NOON)
    delivery.send_due()
    assert way.parcels == []
    assert set(Dispatch.objects.values_list("state", "reason")) == {(State.SKIPPED, Reason.NO_CONSENT)}


def test_a_receipt_that_was_refused_by_mail_is_not_mailed(reader: User, way: FakeWay) -> None:
    actions.choose(reader, {("money", "email"): False}, source=Source.PAGE)
    make_message(reader, RECEIPT_MAIL)
    delivery.send_due()
    assert (way.parcels, the_dispatch().reason) == ([], Reason.NO_CONSENT)


def test_advertising_at_night_comes_in_the_morning(reader: User, way: FakeWay, at: Any) -> None:
    make_message(agreed(reader), DEAL_MAIL)
    at(NIGHT)
    delivery.send_due()
    waiting = the_dispatch()
    assert (waiting.state, waiting.reason) == (State.QUEUED, Reason.QUIET_HOURS)
    assert waiting.due_at == datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    at(waiting.due_at)
    delivery.send_due()
    assert len(way.parcels) == 1


def test_the_night_is_the_receivers_own(way: FakeWay, at: Any) -> None:
    far = agreed(make_user(email="far@example.org", time_zone="America/New_York"))
    make_message(far, DEAL_MAIL)
    at(NIGHT)  # half past ten in the morning in New York
    delivery.send_due()
    assert len(way.parcels) == 1


def test_a_deal_that_ends_before_the_morning_is_dropped(reader: User, way: FakeWay, at: Any) -> None:
    make_message(agreed(reader), DEAL_MAIL, useless_after=NIGHT + timedelta(hours=1))
    at(NIGHT)
    delivery.send_due()
    assert (way.parcels, the_dispatch().state, the_dispatch().reason) == (
        [],
        State.SKIPPED,
        Reason.QUIET_HOURS,
    )


def test_a_receipt_does_not_wait_for_the_morning(reader: User, way: FakeWay, at: Any) -> None:
    make_message(reader, RECEIPT_MAIL)
    at(NIGHT)
    delivery.send_due()
    assert len(way.parcels) == 1


def test_what_is_useless_by_now_is_not_sent(reader: User, way: FakeWay, at: Any) -> None:
    make_message(agreed(reader), DEAL_MAIL, useless_after=NOON)
    at(NOON)
    delivery.send_due()
    assert (way.parcels, the_dispatch().reason) == ([], Reason.TOO_LATE)


def test_a_closed_account_is_left_alone(reader: User, way: FakeWay) -> None:
    make_message(reader, RECEIPT_MAIL)
    reader.is_active = False
    reader.save(update_fields=["is_active"])
    delivery.send_due()
    assert (way.parcels, the_dispatch().reason) == ([], Reason.NO_ACCOUNT)


def test_a_text_that_cannot_be_written_is_parked_and_the_others_go(reader: User, way: FakeWay) -> None:
    broken = make_message(reader, RECEIPT_MAIL)
    broken.kind = "test.gone"
    broken.save(update_fields=["kind"])
    make_message(reader, RECEIPT_MAIL)
    delivery.send_due()
    assert len(way.parcels) == 1
    assert broken.dispatches.get().state == State.PARKED


def test_texts_are_written_in_the_receivers_language(way: FakeWay) -> None:
    make_message(make_user(email="en@example.org", language="en"), RECEIPT_MAIL)
    make_message(make_user(email="zh@example.org"), RECEIPT_MAIL)
    delivery.send_due()
    assert [parcel.headline for parcel in way.parcels] == [
        "About a purchase or a card of yours",
        "你的消费或会员卡有新消息",
    ]


def test_the_queries_do_not_grow_with_the_people(way: FakeWay) -> None:
    def queries(people: int) -> int:
        for _ in range(people):
            make_message(make_user(email=f"{people}-{_}@example.org"), RECEIPT_MAIL)
        with CaptureQueriesContext(connection) as spoken:
            delivery.send_due()
        return len([q for q in spoken.captured_queries if q["sql"].startswith("SELECT")])

    few, many = queries(5), queries(delivery.BATCH)
    assert many == few


def test_nothing_is_sent_inside_a_transaction_of_the_engine(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths: list[int] = []

    class Watching(FakeWay):
        networked = False

        def send(self, parcel: Parcel) -> Answer:
            depths.append(len(connection.savepoint_ids))
            return super().send(parcel)

    watching = Watching()
    monkeypatch.setattr(delivery, "way", lambda channel: watching)
    before = len(connection.savepoint_ids)
    make_message(reader, RECEIPT_MAIL)
    delivery.send_due()
    assert depths == [before]
