"""The pages: inbox, settings, unsubscribing without signing in, browsers, the demo's telephone."""

import hashlib
import re
from datetime import time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from messaging import actions, delivery, texts
from messaging.consent import TEXT, TEXT_VERSION, unsubscribe_path, unsubscribe_token
from messaging.endpoints import endpoint_hash
from messaging.models import (
    Choice,
    ConsentEntry,
    Dispatch,
    Message,
    PushSubscription,
    SentText,
    Source,
    State,
    Times,
)
from portal.kernel.models import User
from tests.cast import client_of, make_user
from tests.messaging.makers import DEAL, DEAL_MAIL, RECEIPT, RECEIPT_MAIL, make_message
from tests.messaging.push_service import Keys, new_vapid_key

pytestmark = pytest.mark.django_db
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


def browser_fields(endpoint: str = ENDPOINT) -> dict[str, str]:
    keys = Keys()
    return {"endpoint": endpoint, "p256dh": keys.p256dh, "auth": keys.auth}


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as spoken:
        assert client.get(path).status_code == 200
    return len(spoken)


# --- The inbox


def test_the_inbox_shows_what_the_person_was_told_and_nobody_elses(consumer: User, stranger: User) -> None:
    make_message(consumer, shop="青禾理发")
    make_message(stranger, shop="别家理发店")
    page = client_of(consumer, language="en").get("/me/inbox/")
    assert "Paid at 青禾理发" in page.content.decode()
    assert "Today" in page.content.decode()
    assert "别家理发店" not in page.content.decode()
    assert "no-cache" in page["Cache-Control"]


def test_an_empty_inbox_says_what_it_is_for(consumer: User) -> None:
    assert "No messages yet" in client_of(consumer, language="en").get("/me/inbox/").content.decode()


def test_the_inbox_costs_the_same_for_one_message_and_for_a_page_of_them(consumer: User) -> None:
    client = client_of(consumer)
    make_message(consumer)
    client.get("/me/inbox/")
    few = queries(client, "/me/inbox/")
    for _ in range(60):
        make_message(consumer)
    assert queries(client, "/me/inbox/") == few == 4  # session, person, navigation, messages


def test_older_messages_are_one_link_away(consumer: User) -> None:
    first = make_message(consumer, shop="第一家店")
    for _ in range(50):
        make_message(consumer)
    client = client_of(consumer)
    page = client.get("/me/inbox/").content.decode()
    assert "第一家店" not in page
    (before,) = re.findall(r'href="\?before=(\d+)"', page)
    assert int(before) == first.pk + 1
    assert "第一家店" in client.get(f"/me/inbox/?before={before}").content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "１２"])
def test_a_page_that_cannot_be_is_the_first_one(consumer: User, before: str) -> None:
    make_message(consumer, shop="青禾理发")
    assert "青禾理发" in client_of(consumer).get("/me/inbox/", {"before": before}).content.decode()


def test_a_message_of_a_kind_that_is_gone_does_not_break_the_page(consumer: User) -> None:
    make_message(consumer)
    Message.objects.update(kind="test.gone")
    assert client_of(consumer).get("/me/inbox/").status_code == 200


def test_markup_in_a_message_is_shown_as_text(consumer: User) -> None:
    make_message(consumer, shop="<b>x</b>%(amount)s{{ 7 }}")
    page = client_of(consumer).get("/me/inbox/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;%(amount)s{{ 7 }}" in page


def test_all_are_marked_read_and_twice_is_as_once(consumer: User, stranger: User) -> None:
    make_message(consumer)
    theirs = make_message(stranger)
    client = client_of(consumer)
    for _ in range(2):
        assert client.post("/me/inbox/read/").status_code == 302
    assert list(Message.objects.unread()) == [theirs]


def test_somebody_elses_message_stays_unread(consumer: User, stranger: User) -> None:
    theirs = make_message(stranger)
    client_of(consumer).post(f"/me/inbox/{theirs.pk}/read/")
    assert list(Message.objects.unread()) == [theirs]


@pytest.mark.parametrize("path", ["/me/inbox/", "/me/notifications/"])
def test_visitors_are_asked_to_sign_in(db: None, path: str) -> None:
    assert client_of().get(path).status_code == 302
    assert client_of().post("/me/push/", browser_fields()).status_code == 302
    assert not PushSubscription.objects.exists()


# --- The settings


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


# --- Unsubscribing


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
    html = str(letter.alternatives[0][0])
    assert 'lang="zh-Hans"' in html
    assert "A &amp; B" in html
    assert "http://localhost:8000/me/receipts/X/" in letter.body
    assert "style=" not in html


# --- Browsers


def test_a_browser_is_bound_to_the_person_and_the_session(consumer: User) -> None:
    client = client_of(consumer)
    for _ in range(2):
        assert client.post("/me/push/", browser_fields()).status_code == 204
    bound = PushSubscription.objects.get()
    assert (bound.person, bound.session_id) == (consumer, client.session.session_key)
    assert not ConsentEntry.objects.exists()


def test_asking_to_be_told_of_coupons_is_the_consent_to_it(consumer: User) -> None:
    client_of(consumer).post("/me/push/", browser_fields() | {"purpose": "coupons"})
    entry = ConsentEntry.objects.get()
    assert (entry.purpose, entry.channel, entry.source) == ("coupons", "push", Source.PUSH)


def test_signing_out_takes_the_browser_away(consumer: User) -> None:
    client = client_of(consumer)
    client.post("/me/push/", browser_fields())
    client.logout()
    assert not PushSubscription.objects.exists()


def test_the_next_person_at_the_browser_gets_only_their_own(consumer: User, stranger: User) -> None:
    client_of(consumer).post("/me/push/", browser_fields())
    client_of(stranger).post("/me/push/", browser_fields())
    assert PushSubscription.objects.get().person == stranger


def test_a_session_that_has_run_out_is_not_notified(consumer: User) -> None:
    client = client_of(consumer)
    client.post("/me/push/", browser_fields())
    assert PushSubscription.objects.live(timezone.now()).count() == 1
    assert PushSubscription.objects.live(client.session.get_expiry_date()).count() == 0


def test_nobody_can_forget_anothers_browser(consumer: User, stranger: User) -> None:
    client_of(consumer).post("/me/push/", browser_fields())
    client_of(stranger).post("/me/push/forget/", {"endpoint": ENDPOINT})
    assert PushSubscription.objects.count() == 1
    client_of(consumer).post("/me/push/forget/", {"endpoint": ENDPOINT})
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://notify.windows.com.evil.example/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://xn--80ak6aa92e.com/",
        "file:///etc/passwd",
        "https://[bad/x",
        "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)
def test_only_known_push_services_are_accepted(consumer: User, endpoint: str) -> None:
    assert client_of(consumer).post("/me/push/", browser_fields(endpoint)).status_code == 422
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "host", ["db5p.notify.windows.com", "web.push.apple.com", "updates.push.services.mozilla.com"]
)
def test_the_push_services_of_the_large_browsers_are_known(consumer: User, host: str) -> None:
    assert client_of(consumer).post("/me/push/", browser_fields(f"https://{host}/x")).status_code == 204


@pytest.mark.parametrize(
    "wrong", [{"p256dh": "AAAA"}, {"auth": "AAAA"}, {"p256dh": "!"}, {"auth": ""}, {"purpose": "x"}]
)
def test_keys_that_are_none_are_refused(consumer: User, wrong: dict[str, str]) -> None:
    assert client_of(consumer).post("/me/push/", browser_fields() | wrong).status_code == 422
    assert not PushSubscription.objects.exists()


def test_a_person_keeps_ten_browsers(consumer: User) -> None:
    client = client_of(consumer)
    for number in range(12):
        client.post("/me/push/", browser_fields(f"{ENDPOINT}{number}"))
    assert PushSubscription.objects.count() == 10
    assert not PushSubscription.objects.filter(endpoint_hash=endpoint_hash(f"{ENDPOINT}0")).exists()


def test_addresses_and_keys_of_browsers_are_sealed(consumer: User) -> None:
    client_of(consumer).post("/me/push/", browser_fields())
    with connection.cursor() as cursor:
        cursor.execute("SELECT endpoint || p256dh || auth FROM messaging_pushsubscription")
        assert "fcm" not in cursor.fetchone()[0]


def test_the_page_offers_a_button_when_push_is_set_up(consumer: User, settings: object) -> None:
    settings.VAPID_PRIVATE_KEY = ""  # type: ignore[attr-defined]
    assert "data-push" not in client_of(consumer).get("/me/notifications/").content.decode()
    settings.VAPID_PRIVATE_KEY = new_vapid_key()  # type: ignore[attr-defined]
    assert 'data-bound="no"' in client_of(consumer).get("/me/notifications/").content.decode()


# --- Codes and letters to addresses without an account


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
    settings.PORTAL_DEMO = True  # type: ignore[attr-defined]
    assert "482913" in client_of().get("/demo/sms/").content.decode()
    settings.PORTAL_DEMO = False  # type: ignore[attr-defined]
    assert client_of().get("/demo/sms/").status_code == 404


# --- Staff


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
        assert client.get(f"/staff/messaging/{page}/add/").status_code == 403
