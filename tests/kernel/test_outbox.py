import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from portal.kernel import events, hints
from portal.kernel.models import Delivery, OutboxEvent
from portal.kernel.tasks import tidy
from tests.kernel import told
from tests.kernel.processes import start_worker, wait_for
from tests.kernel.told import KettleBoiled


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    told.heard.clear()
    told.faults.clear()
    yield
    told.faults.clear()


def make_due() -> None:
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_what_was_published_is_told_once():
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
    assert events.deliver_due() == 1
    assert events.deliver_due() == 0
    assert told.heard == [1]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_never_told():
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
        transaction.set_rollback(True)
    assert events.deliver_due() == 0
    assert OutboxEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_a_mistake():
    with pytest.raises(RuntimeError):
        events.publish(KettleBoiled(kettle=1))


@pytest.mark.django_db
def test_an_event_that_nobody_hears_leaves_no_row():
    class Unheard(events.Event):
        pass

    with transaction.atomic():
        events.publish(Unheard())
    assert OutboxEvent.objects.count() == 0


@pytest.mark.django_db
def test_a_failing_subscriber_is_tried_again_after_2_4_8_seconds_and_parked_after_ten():
    told.faults.append(ValueError("Key (phone)=(+8613812345678) \x00 exists"))
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
    for pause in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024):
        before = timezone.now()
        assert events.deliver_due() == 1
        assert before <= Delivery.objects.get().due_at - timedelta(seconds=pause) <= timezone.now()
        make_due()
    row = Delivery.objects.get()
    assert row.parked_at
    assert row.attempts == 10
    assert "ValueError" in row.last_error
    assert "13812345678" not in row.last_error
    assert events.deliver_due() == 0


@pytest.mark.django_db
def test_a_parked_delivery_gets_another_ten_tries_when_somebody_asks():
    told.faults.append(ValueError())
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
    Delivery.objects.update(attempts=10, parked_at=timezone.now())
    told.faults.clear()
    assert events.unpark(Delivery.objects.all()) == 1
    assert events.deliver_due() == 1
    assert told.heard == [1]


@pytest.mark.django_db
def test_one_broken_subscriber_does_not_stop_the_others():
    told.faults.append(ValueError())
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
    events.deliver_due()
    told.faults.clear()
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=2))
    events.deliver_due()
    assert told.heard == [2]


@pytest.mark.django_db
def test_what_a_portal_is_not_set_up_for_is_not_even_written_down(monkeypatch: pytest.MonkeyPatch):
    name, set_up = "tests.kernel.told.listen_sometimes", [False]
    monkeypatch.setitem(events._wanted, name, lambda: set_up[0])
    monkeypatch.setitem(events._subscribers[KettleBoiled.title()], name, lambda event: None)
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
    assert not Delivery.objects.filter(subscriber=name).exists()
    set_up[0] = True
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=2))
    assert Delivery.objects.get(subscriber=name).event.facts["kettle"] == 2


@pytest.mark.django_db
def test_what_a_failed_subscriber_wrote_is_undone():
    def half(event: KettleBoiled) -> None:
        OutboxEvent.objects.create(title="half", facts={})
        raise ValueError

    events._subscribers[KettleBoiled.title()]["test.half"] = half
    try:
        with transaction.atomic():
            events.publish(KettleBoiled(kettle=1))
        events.deliver_due()
    finally:
        del events._subscribers[KettleBoiled.title()]["test.half"]
    assert not OutboxEvent.objects.filter(title="half").exists()
    assert Delivery.objects.filter(done_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_tell_two_hundred_events_once_each():
    with transaction.atomic():
        for number in range(200):
            events.publish(KettleBoiled(kettle=number))

    def work() -> None:
        while events.deliver_due(limit=7):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told.heard) == list(range(200))
    assert Delivery.objects.filter(done_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing(tmp_path: Path):
    begun = tmp_path / "begun"
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1, file=str(begun)))
    worker = start_worker("deliver")
    wait_for(begun, worker)
    worker.kill()
    worker.wait()
    row = Delivery.objects.get()
    assert (row.attempts, row.done_at) == (1, None)
    assert row.due_at <= timezone.now() + timedelta(seconds=events.LEASE_SECONDS)

    OutboxEvent.objects.update(facts={"kettle": 1, "file": ""})
    make_due()
    assert events.deliver_due() == 1
    assert told.heard == [1]


@pytest.mark.django_db
def test_a_delivery_that_kills_its_worker_each_time_is_parked_at_last():
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
    Delivery.objects.update(attempts=F("attempts") + events.PARK_AFTER)
    assert events.deliver_due() == 1
    row = Delivery.objects.get()
    assert row.parked_at
    assert row.last_error.startswith("WorkerDied")
    assert told.heard == []


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_the_publisher_nothing_but_time(monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setitem(hints._broker, "rests_until", 0.0)
    monkeypatch.setattr(hints.current_app, "send_task", refuse)
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
    assert hints._broker["rests_until"] > 0
    assert events.deliver_due() == 1


@pytest.mark.django_db
def test_events_that_everybody_heard_are_forgotten_after_a_month():
    with transaction.atomic():
        events.publish(KettleBoiled(kettle=1))
        events.publish(KettleBoiled(kettle=2))
    OutboxEvent.objects.update(created_at=timezone.now() - timedelta(days=31))
    Delivery.objects.filter(event__facts__kettle=1).update(done_at=timezone.now())
    tidy()
    assert [event.facts["kettle"] for event in OutboxEvent.objects.all()] == [2]
