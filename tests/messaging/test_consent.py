"""What may come: the settings, unsubscribing without signing in, what staff see."""

import hashlib
import re
from datetime import time

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import translation

from messaging import actions, delivery
from messaging.consent import TEXT, TEXT_VERSION, unsubscribe_path, unsubscribe_token
from messaging.models import (
    Choice,
    ConsentEntry,
    Dispatch,
    Source,
    State,
    Times,
)
from portal.kernel.models import User
from tests.cast import client_of, make_user
from tests.messaging.makers import DEAL, DEAL_MAIL, RECEIPT, RECEIPT_MAIL, make_message

pytestmark = pytest.mark.django_db


def everything_ticked(**more: str) -> dict[str, str]:
    ticks = {f"{p}.{c}": "on" for p in ("money", "case", "deals") for c in ("push", "email", "inbox")}
    return ticks | {"quiet_from": "22:00", "quiet_until": "07:30"} | more


def test_the_settings_are_saved_and_written_into_the_ledger(consumer: User) -> None:
    client = client_of(consumer)
    for _ in range(2):
        assert client.post("/me/notifications/", everything_ticked()).status_code == 302
    entry = ConsentEntry.objects.get(purpose="deals", channel="push")
    assert (entry.wanted, entry.text_version, entry.source) == (True, TEXT_VERSION, Source.PAGE)
    assert not Choice.objects.get(purpose="money", channel="sms").wanted
    assert not ConsentEntry.objects.filter(purpose="account").exists()
    assert Times.objects.get(person=consumer).quiet_from == time(22)


def test_the_page_shows_what_stands(consumer: User) -> None:
    actions.choose(consumer, {("deals", "push"): True}, source=Source.PAGE)
    page = client_of(consumer).get("/me/notifications/").content.decode()
    boxes = dict(re.findall(r'<input type="checkbox" name="([a-z.]+)"[^>]*?((?: checked| disabled)*)>', page))
    assert boxes["deals.push"] == " checked"
    assert boxes["deals.email"] == ""
    assert boxes["account.sms"] == " checked disabled"
    assert boxes["money.inbox"] == " checked disabled"
    assert boxes["money.sms"] == " checked"


def test_a_time_that_is_none_is_refused_and_nothing_is_saved(consumer: User) -> None:
    answer = client_of(consumer, language="en").post(
        "/me/notifications/", everything_ticked(quiet_from="25:00")
    )
    assert answer.status_code == 422
    assert "Enter a time such as 21:00" in answer.content.decode()
    assert not ConsentEntry.objects.exists()


def test_the_words_of_the_consent_belong_to_their_version() -> None:
    """Whoever changes the words changes the version too: the ledger says what a person agreed to."""
    with translation.override("en"):
        words = hashlib.sha256(str(TEXT).encode()).hexdigest()[:16]
    assert (TEXT_VERSION, words) == ("2026-11-22", "7d2840adb59c62ad")


def test_one_click_stops_the_messages_without_signing_in(consumer: User) -> None:
    actions.choose(consumer, {("deals", "email"): True}, source=Source.PAGE)
    path = unsubscribe_path(consumer.pk, "deals", "email")
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Choice.objects.get().wanted
    last = ConsentEntry.objects.latest("pk")
    assert (ConsentEntry.objects.count(), last.wanted, last.source) == (2, False, Source.MAILBOX)


def test_looking_at_the_link_stops_nothing(consumer: User) -> None:
    actions.choose(consumer, {("deals", "email"): True}, source=Source.PAGE)
    page = client_of(language="en").get(unsubscribe_path(consumer.pk, "deals", "email"))
    assert "“Deals near me” will no longer come by e-mail" in page.content.decode()
    assert Choice.objects.get().wanted


def test_a_forged_link_is_not_found(consumer: User) -> None:
    token = unsubscribe_token(consumer.pk, "deals", "email")
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "a:b", token.split(":")[0]):
        assert client_of().post(f"/u/{wrong}/").status_code == 404
    assert not ConsentEntry.objects.exists()


def test_account_messages_cannot_be_unsubscribed_by_a_link(consumer: User) -> None:
    client_of().post(unsubscribe_path(consumer.pk, "account", "email"))
    assert not ConsentEntry.objects.exists()


def test_a_mail_carries_the_one_click_headers(settings: object) -> None:
    reader = make_user(email="reader@example.org", language="en")
    actions.choose(reader, {("deals", "email"): True}, source=Source.PAGE)
    actions.set_quiet_hours(reader, time(0), time(0))
    make_message(reader, DEAL_MAIL, shop="Qinghe\r\nBcc: x@example.org", url="/s/qinghe/")
    delivery.send_due()
    (letter,) = mail.outbox
    token = Dispatch.objects.get().token
    assert letter.subject == "Tonight at Qinghe Bcc: x@example.org"
    assert (letter.to, letter.bcc) == (["reader@example.org"], [])
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["Message-ID"].startswith(f"<{token.hex}@")
    assert link in letter.body
    client_of().post(link.removeprefix("http://localhost:8000"), {"List-Unsubscribe": "One-Click"})
    make_message(reader, DEAL_MAIL)
    delivery.send_due()
    assert len(mail.outbox) == 1


def test_a_receipt_comes_as_text_and_as_html_in_the_readers_language() -> None:
    make_message(make_user(email="zh@example.org"), RECEIPT_MAIL, shop="A & B", url="/me/receipts/X/")
    delivery.send_due()
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    assert 'lang="zh-Hans"' in html
    assert "A &amp; B" in html
    assert "http://localhost:8000/me/receipts/X/" in letter.body
    assert "style=" not in html


def test_staff_see_the_queue_and_try_again(consumer: User) -> None:
    boss = User.objects.create_superuser(email="boss@example.org", password="correct horse battery")
    make_message(consumer, RECEIPT_MAIL)
    make_message(consumer, DEAL)
    make_message(consumer, RECEIPT)
    Dispatch.objects.update(state=State.PARKED)
    actions.choose(consumer, {("deals", "push"): True}, source=Source.PAGE)
    client = client_of(boss)
    some = Dispatch.objects.order_by("pk")[:2]
    answer = client.post(
        "/staff/messaging/dispatch/", {"action": "try_again", "_selected_action": [d.pk for d in some]}
    )
    assert answer.status_code == 302
    assert Dispatch.objects.filter(state=State.QUEUED).count() == 2
    for page in ("message", "dispatch", "consententry"):
        assert client.get(f"/staff/messaging/{page}/").status_code == 200
        assert client.get(f"/staff/messaging/{page}/add/").status_code == 404
