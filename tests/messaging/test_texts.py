"""Codes and letters to addresses that have no account yet."""

from datetime import time

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from messaging import actions, delivery, texts
from messaging.models import (
    Channel,
    Dispatch,
    Message,
    Reason,
    SentText,
    Source,
    State,
)
from tests.cast import client_of, make_user
from tests.messaging.makers import DEAL_MAIL, make_message

pytestmark = pytest.mark.django_db


def test_a_code_is_texted_sealed_and_then_erased(
    settings: object, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        texts.send_code_sms("+8613800138000", "482913", language="en")
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed || params::text FROM messaging_message")
            assert "482913" not in cursor.fetchone()[0]
    sent = SentText.objects.get()
    assert (sent.phone, sent.template) == ("+8613800138000", "sign_in_code")
    assert "482913" in sent.text
    assert sent.text.startswith("【Street Corner】Your code is 482913.")
    assert Message.objects.get().sealed is None
    assert Dispatch.objects.get().state == State.SENT


def test_the_worker_sends_a_code_that_the_page_could_not(db: None) -> None:
    texts.send_code_sms("+8613800138000", "482913", language="zh-hans")
    assert not SentText.objects.exists()
    delivery.send_due()
    delivery.send_due()
    assert SentText.objects.count() == 1


def test_a_code_that_is_too_old_is_dropped_and_erased(db: None) -> None:
    texts.send_code_sms("+8613800138000", "482913", language="en")
    Message.objects.update(useless_after=timezone.now())
    delivery.send_due()
    assert not SentText.objects.exists()
    assert Message.objects.get().sealed is None


def test_a_letter_is_sent_as_it_was_written(db: None) -> None:
    texts.send_code_email("new@example.org", "100% yours", "Your code: 482913")
    delivery.send_due()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["new@example.org"], "100% yours")
    assert "Your code: 482913" in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


def test_the_demo_shows_sent_texts_and_nothing_else_does(settings: object) -> None:
    texts.send_code_sms("+8613800138000", "482913", language="en")
    delivery.send_due()
    settings.PORTAL_DEMO = True
    assert "482913" in client_of().get("/demo/sms/").content.decode()
    settings.PORTAL_DEMO = False
    assert client_of().get("/demo/sms/").status_code == 404


def test_nobody_is_texted_at_a_number_they_have_not_proved(db: None) -> None:
    person = make_user(verified=False)
    actions.choose(person, {("deals", "sms"): True}, source=Source.PAGE)
    make_message(person, DEAL_MAIL)
    Dispatch.objects.update(channel=Channel.SMS)
    actions.set_quiet_hours(person, time(0), time(0))
    delivery.send_due()
    assert not SentText.objects.exists()
    assert Dispatch.objects.get().reason == Reason.NO_ADDRESS
