"""One shop silenced: nothing of its advertising, all of its receipts, and the ledger knows."""

import pytest
from django.test import Client

from messaging import actions, delivery
from messaging.consent import unsubscribe_path
from messaging.models import Choice, ConsentEntry, Dispatch, Message, Mute, Source, State
from portal.kernel.models import User
from tests.cast import client_of, make_customer, make_merchant, make_user
from tests.messaging.makers import DEAL, DEAL_MAIL, RECEIPT_MAIL, make_message

pytestmark = pytest.mark.django_db


def test_silence_and_hear_again_are_each_said_once(consumer: User) -> None:
    said = [actions.mute(consumer, 7, source=Source.PAGE) for _ in range(2)]
    said += [actions.hear_again(consumer, 7, source=Source.PAGE) for _ in range(2)]
    assert said == [True, False, True, False]
    entries = ConsentEntry.objects.order_by("pk").values_list("merchant_id", "purpose", "wanted")
    assert list(entries) == [(7, "", False), (7, "", True)]


def test_the_page_lists_the_shops_that_know_me_and_silences_one(consumer: User) -> None:
    known, other = make_merchant(name="青禾理发"), make_merchant(name="别家")
    make_customer(known, consumer)
    client = client_of(consumer)
    page = client.get("/me/notifications/shops/").content.decode()
    assert "青禾理发" in page
    assert "别家" not in page
    for wanted, count in (("no", 1), ("no", 1), ("yes", 0)):
        answer = client.post(f"/me/notifications/shops/{known.slug}/", {"wanted": wanted})
        assert (answer.status_code, Mute.objects.count()) == (302, count)
    assert client.post(f"/me/notifications/shops/{known.slug}/", {"wanted": "x"}).status_code == 404
    assert client.post(f"/me/notifications/shops/{other.slug}/", {"wanted": "no"}).status_code == 404
    assert len(ConsentEntry.objects.latest("pk").proof) == 32


def test_the_link_of_a_message_silences_its_shop_alone(consumer: User) -> None:
    actions.choose(consumer, {("deals", "email"): True}, source=Source.PAGE)
    path = unsubscribe_path(consumer.pk, "deals", "email", 7)
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    assert "Only from this shop" in client.get(path).content.decode()
    assert client.post(path, {"only": "shop"}).status_code == 200
    assert Mute.objects.get().merchant_id == 7
    assert Choice.objects.get().wanted
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Choice.objects.get().wanted


def test_a_silenced_shop_still_sends_receipts() -> None:
    person = make_user(email="a@example.org")
    actions.choose(person, {("deals", "email"): True}, source=Source.PAGE)
    actions.mute(person, 7, source=Source.PAGE)
    make_message(person, DEAL_MAIL, merchant_id=7)
    make_message(person, RECEIPT_MAIL, merchant_id=7)
    delivery.send_due()
    assert dict(Dispatch.objects.values_list("message__kind", "state")) == {
        "test.deal_mail": State.SKIPPED,
        "test.mail": State.SENT,
    }


def test_told_one_by_one_the_silenced_get_no_inbox_copy(consumer: User) -> None:
    actions.mute(consumer, 7, source=Source.PAGE)
    make_message(consumer, DEAL, merchant_id=7)
    assert not Message.objects.in_inbox().exists()


def test_the_person_reads_what_was_not_sent_and_why(consumer: User) -> None:
    message = make_message(consumer, DEAL)
    Dispatch.objects.filter(message=message, channel="push").update(state=State.SKIPPED, reason="quiet")
    page = client_of(consumer, language="en").get("/me/notifications/log/").content.decode()
    assert "Not sent: Quiet hours" in page
    assert "Waits" in page
    assert "Half price" not in page
