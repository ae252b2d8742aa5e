"""Telling: once per person and occurrence, in the sender's transaction, one row per way."""

from datetime import UTC, datetime, time

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from messaging import actions
from messaging.actions import telling
from messaging.models import (
    Channel,
    Choice,
    ConsentEntry,
    Dispatch,
    Message,
    Purpose,
    Source,
    State,
    Times,
)
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import DEAL, RECEIPT, RECEIPT_MAIL, make_message

pytestmark = pytest.mark.django_db


def test_a_message_has_one_dispatch_per_way_besides_the_inbox(consumer: User) -> None:
    message = make_message(consumer)
    assert message.in_inbox
    assert set(message.dispatches.values_list("channel", "state", "at_most_once")) == {
        ("push", "queued", False),
        ("email", "queued", False),
        ("sms", "queued", False),
    }


def test_the_same_occurrence_is_told_once(consumer: User) -> None:
    first = make_message(consumer, occurrence="purchase:1")
    second = make_message(consumer, occurrence="purchase:1")
    assert first == second
    assert Dispatch.objects.count() == 3


def test_the_database_refuses_a_second_message_of_an_occurrence(consumer: User) -> None:
    make_message(consumer, occurrence="purchase:1")
    with pytest.raises(IntegrityError, match="message_once_per_occurrence"), transaction.atomic():
        Message.objects.create(
            person=consumer, kind=RECEIPT.name, occurrence="purchase:1", purpose=Purpose.MONEY
        )


def test_the_database_refuses_a_second_dispatch_on_one_way(consumer: User) -> None:
    message = make_message(consumer)
    with pytest.raises(IntegrityError, match="dispatch_once_per_channel"), transaction.atomic():
        Dispatch.objects.create(message=message, channel=Channel.SMS)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"state": State.SENDING}, "dispatch_held_by_a_claim"),
        ({"state": State.SENT}, "dispatch_sent_has_a_time"),
        ({"state": State.SKIPPED}, "dispatch_not_sent_has_a_reason"),
    ],
)
def test_the_database_refuses_a_dispatch_that_hides_what_became_of_it(
    consumer: User, fields: dict[str, str], name: str
) -> None:
    message = make_message(consumer, RECEIPT_MAIL)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        message.dispatches.update(**fields)


def test_a_sender_that_fails_has_told_nobody(consumer: User) -> None:
    def sale_that_fails() -> None:
        with transaction.atomic():
            make_message(consumer)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sale_that_fails()
    assert not Message.objects.exists()


def test_a_text_with_a_missing_value_fails_at_the_sender(consumer: User) -> None:
    with pytest.raises(KeyError):
        actions.tell(consumer, RECEIPT, occurrence="purchase:1", shop="青禾理发")


def test_many_are_told_in_one_statement(consumer: User) -> None:
    people = [consumer.pk] + [make_user().pk for _ in range(9)]
    with CaptureQueriesContext(
        connection,
    ) as spoken:
        told = actions.tell_many(people, DEAL, occurrence="deal:1", shop="青禾理发")
    assert told == 10
    assert len([q for q in spoken.captured_queries if "messaging_message" in q["sql"]]) == 1
    assert Dispatch.objects.filter(at_most_once=True).count() == 30


def test_very_many_are_told_in_one_statement_per_chunk(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "CHUNK", 50)
    users = User.objects.bulk_create([User(name="") for _ in range(101)])
    with CaptureQueriesContext(connection) as spoken:
        told = actions.tell_many([user.pk for user in users], DEAL, occurrence="deal:1", shop="青禾理发")
    statements = [q for q in spoken.captured_queries if "INSERT INTO messaging_message" in q["sql"]]
    assert (told, len(statements), Dispatch.objects.count()) == (101, 3, 303)


def test_telling_many_again_reaches_only_those_who_are_new(consumer: User) -> None:
    actions.tell_many([consumer.pk], DEAL, occurrence="deal:1", shop="青禾理发")
    other = make_user()
    assert actions.tell_many([consumer.pk, other.pk], DEAL, occurrence="deal:1", shop="青禾理发") == 1


def test_an_inbox_switched_off_for_deals_stays_without_them(consumer: User) -> None:
    actions.choose(consumer, {("deals", "inbox"): False}, source=Source.PAGE)
    assert not make_message(consumer, DEAL).in_inbox
    assert make_message(consumer, RECEIPT).in_inbox


def test_times_are_written_as_the_reader_writes_them(consumer: User) -> None:
    message = make_message(consumer, shop=datetime(2026, 11, 22, 6, 30, tzinfo=UTC))
    assert message.params["shop"] == {"time": "2026-11-22T06:30:00+00:00"}
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert RECEIPT.written(message.params)[0] == "Paid at Sun 22 Nov, 14:30"


def test_only_a_change_of_mind_is_written_into_the_ledger(consumer: User) -> None:
    wishes = {("deals", "push"): True, ("money", "push"): True, ("deals", "sms"): False}
    assert actions.choose(consumer, wishes, source=Source.PAGE) == 1
    assert actions.choose(consumer, wishes, source=Source.PAGE) == 0
    assert actions.choose(consumer, {("deals", "push"): False}, source=Source.LINK) == 1
    assert list(
        ConsentEntry.objects.order_by("pk").values_list("purpose", "channel", "wanted", "source")
    ) == [
        ("deals", "push", True, "page"),
        ("deals", "push", False, "link"),
    ]
    assert not Choice.objects.get().wanted


def test_account_messages_and_the_record_of_money_cannot_be_refused(consumer: User) -> None:
    fixed = {("account", "sms"): False, ("money", "inbox"): False, ("case", "inbox"): False}
    assert actions.choose(consumer, fixed, source=Source.PAGE) == 0


@pytest.mark.parametrize(
    "sql",
    ["UPDATE messaging_consententry SET wanted = false", "DELETE FROM messaging_consententry"],
)
def test_the_ledger_of_consents_cannot_be_rewritten(consumer: User, sql: str) -> None:
    actions.choose(consumer, {("deals", "push"): True}, source=Source.PAGE)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert ConsentEntry.objects.get().wanted


def test_quiet_hours_are_replaced(consumer: User) -> None:
    actions.set_quiet_hours(consumer, time(22), time(7))
    actions.set_quiet_hours(consumer, time(23), time(8))
    assert str(Times.objects.get()) == "23:00–08:00"


def test_reading_one_leaves_the_others_unread(consumer: User, stranger: User) -> None:
    mine, other, theirs = make_message(consumer), make_message(consumer), make_message(stranger)
    assert actions.mark_read(consumer, mine.pk) == 1
    assert actions.mark_read(consumer, theirs.pk) == 0
    assert list(Message.objects.unread().order_by("pk")) == [other, theirs]
    assert actions.mark_read(consumer) == 1
