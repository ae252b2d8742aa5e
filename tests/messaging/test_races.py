"""Several workers, several tabs: real threads and real transactions."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from messaging import actions, delivery
from messaging.models import Choice, ConsentEntry, Dispatch, Message, Source
from messaging.models.message import DispatchQuerySet
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import RECEIPT_MAIL, FakeWay, make_message

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
THREADS = 8


def together(act: Callable[[int], Any]) -> list[Any]:
    """Run ``act`` in eight threads that begin at the same moment; their answers or errors."""
    start, answers = threading.Barrier(THREADS), []

    def run(number: int) -> None:
        try:
            start.wait()
            answers.append(act(number))
        except Exception as fault:  # looked at by the test
            answers.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def readers(count: int) -> None:
    for number in range(count):
        make_message(make_user(email=f"{number}@example.org"), RECEIPT_MAIL)


def test_eight_workers_send_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    way = FakeWay()
    monkeypatch.setattr(delivery, "way", lambda channel: way)
    monkeypatch.setattr(delivery, "BATCH", 5)
    readers(60)
    answers = together(lambda number: delivery.send_due(seconds=30))
    assert answers == [False] * THREADS
    assert Counter(Counter(parcel.token for parcel in way.parcels).values()) == {1: 60}
    assert set(Dispatch.objects.values_list("state", flat=True)) == {"sent"}


def test_without_the_lock_on_the_rows_two_workers_take_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it is the lock that keeps the claims apart."""
    readers(10)
    unlocked = lambda self, **kwargs: self  # noqa: E731
    monkeypatch.setattr(DispatchQuerySet, "select_for_update", unlocked)
    meet = threading.Barrier(THREADS)
    values_list = DispatchQuerySet.values_list

    def look_and_wait(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = list(values_list(self, *args, **kwargs))
        meet.wait(timeout=20)
        return found

    monkeypatch.setattr(DispatchQuerySet, "values_list", look_and_wait)
    waiting = timezone.now()
    taken = together(lambda number: delivery._hold(Dispatch.objects.due(waiting, 1), waiting))
    assert sum(len(claimed.rows) for claimed in taken) > 10


def test_one_occurrence_told_by_eight_at_once_is_one_message(consumer: User) -> None:
    answers = together(lambda number: make_message(consumer, RECEIPT_MAIL, occurrence="purchase:1"))
    assert len({message.pk for message in answers}) == 1
    assert (Message.objects.count(), Dispatch.objects.count()) == (1, 1)


def test_the_same_yes_from_eight_tabs_is_one_entry(consumer: User) -> None:
    wish = {("deals", "push"): True}
    answers = together(lambda number: actions.choose(consumer, wish, source=Source.PAGE))
    assert sorted(answers) == [0] * (THREADS - 1) + [1]
    assert (ConsentEntry.objects.count(), Choice.objects.count()) == (1, 1)


def test_a_no_in_the_middle_of_a_mailing_holds_from_the_next_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """T50: at most the few that were already on their way still arrive."""
    way, batch = FakeWay(), 5
    monkeypatch.setattr(delivery, "way", lambda channel: way)
    monkeypatch.setattr(delivery, "BATCH", batch)
    readers(40)
    people = list(User.objects.filter(messages__isnull=False))
    send = way.send

    def send_and_everybody_says_no(parcel: Any) -> Any:
        if len(way.parcels) == 0:
            thread = threading.Thread(target=all_say_no, args=(people,))
            thread.start()
            thread.join()
        return send(parcel)

    monkeypatch.setattr(way, "send", send_and_everybody_says_no)
    delivery.send_due(seconds=30)
    assert 1 <= len(way.parcels) <= batch
    assert Dispatch.objects.filter(state="skipped", reason="consent").count() == 40 - len(way.parcels)


def all_say_no(people: list[User]) -> None:
    try:
        for person in people:
            actions.choose(person, {("money", "email"): False}, source=Source.PAGE)
    finally:
        connection.close()
