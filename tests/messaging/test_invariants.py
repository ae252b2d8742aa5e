"""Each invariant finds the row that was broken behind the portal's back, and nothing before."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from messaging import actions, delivery, texts
from messaging.models import Choice, ConsentEntry, Contact, Dispatch, Message, Mute, Source
from portal.kernel.invariants import all_invariants
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import DEAL_MAIL, RECEIPT_MAIL, make_message

pytestmark = pytest.mark.django_db


def broken(code: str) -> list[int | str]:
    return next(one for one in all_invariants() if one.code == code).broken()[1]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.sabotages("N01")
def test_a_choice_that_the_ledger_does_not_know_is_found(consumer: User) -> None:
    actions.choose(consumer, {("deals", "push"): True, ("deals", "sms"): True}, source=Source.PAGE)
    assert broken("N01") == []
    run("UPDATE messaging_choice SET wanted = false WHERE channel = 'sms'")
    assert broken("N01") == [Choice.objects.get(channel="sms").pk]
    forged = Choice.objects.create(person=consumer, purpose="followed", channel="push", wanted=True)
    assert forged.pk in broken("N01")


@pytest.mark.sabotages("N02")
def test_a_message_that_nobody_takes_back_is_found(consumer: User) -> None:
    make_message(consumer, RECEIPT_MAIL)
    delivery.claim(timezone.now())
    assert broken("N02") == []
    Dispatch.objects.update(lease_until=timezone.now() - timedelta(minutes=11))
    assert broken("N02") == [Dispatch.objects.get().pk]


@pytest.mark.sabotages("N03")
def test_a_code_that_is_still_there_after_it_was_sent_is_found(db: None) -> None:
    texts.send_code_sms("+8613800138000", "482913", language="en")
    sealed = Message.objects.get().sealed
    delivery.send_due()
    assert broken("N03") == []
    message = Message.objects.get()
    message.sealed = sealed
    message.save(update_fields=["sealed"])
    assert broken("N03") == [message.pk]


@pytest.mark.sabotages("N04")
def test_a_shop_silenced_without_the_persons_word_is_found(consumer: User) -> None:
    actions.mute(consumer, 7, source=Source.PAGE)
    actions.mute(consumer, 8, source=Source.PAGE)
    actions.hear_again(consumer, 8, source=Source.PAGE)
    assert broken("N04") == []
    forged = Mute.objects.create(person=consumer, merchant_id=9)
    assert broken("N04") == [forged.pk]
    Mute.objects.all().delete()
    assert broken("N04") == [ConsentEntry.objects.get(merchant_id=7).pk]


@pytest.mark.sabotages("N05")
def test_advertising_that_nobody_counted_is_found(consumer: User) -> None:
    person = make_user(email="reader@example.org")
    actions.choose(person, {("deals", "email"): True}, source=Source.PAGE)
    actions.set_quiet_hours(person, time(0), time(0))
    make_message(person, DEAL_MAIL)
    delivery.send_due()
    assert Dispatch.objects.get().state == "sent"
    assert broken("N05") == []
    Contact.objects.all().delete()
    assert broken("N05") == [Dispatch.objects.get().pk]


@pytest.mark.sabotages("N06")
def test_a_mailing_that_lost_a_message_is_found(consumer: User) -> None:
    people = User.objects.values("pk")
    mailing = actions.mail_out(people, DEAL_MAIL, merchant_id=7, occurrence="deal:1", shop="A")
    assert broken("N06") == []
    run("DELETE FROM messaging_dispatch; DELETE FROM messaging_message")
    assert broken("N06") == [mailing.pk]
