"""Each invariant finds the row that was broken behind the portal's back, and nothing before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from messaging import actions, delivery, texts
from messaging.models import Choice, Dispatch, Message, Source
from portal.kernel.invariants import all_invariants
from portal.kernel.models import User
from tests.messaging.makers import RECEIPT_MAIL, make_message

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
