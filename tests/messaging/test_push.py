"""Web Push against a push service on this machine: what leaves, and what its answers lead to."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from messaging import delivery
from messaging.endpoints import application_server_key, endpoint_hash
from messaging.models import Dispatch, PushSubscription, Reason, State
from portal.kernel.models import User
from tests.cast import client_of
from tests.messaging.makers import DEAL_PUSH, RECEIPT_PUSH, make_message
from tests.messaging.push_service import Keys, PushService, new_vapid_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_up(settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = new_vapid_key()
    settings.PUSH_HOSTS, settings.PUSH_HTTPS_ONLY = ["127.0.0.1"], False


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as listening:
        yield listening


def subscribed(person: User, service: PushService, keys: Keys, path: str = "/one") -> PushSubscription:
    endpoint = service.url + path
    return PushSubscription.objects.create(
        person=person,
        session_id=client_of(person).session.session_key,
        endpoint=endpoint,
        endpoint_hash=endpoint_hash(endpoint),
        p256dh=keys.p256dh,
        auth=keys.auth,
    )


def test_what_leaves_is_sealed_for_the_browser_and_says_nothing_personal(
    consumer: User, service: PushService
) -> None:
    keys = Keys()
    subscribed(consumer, service, keys)
    consumer.language = "en"
    consumer.save(update_fields=["language"])
    make_message(consumer, RECEIPT_PUSH, shop="青禾理发", amount="¥38", url="/me/receipts/ABC/")
    delivery.send_due()
    (post,) = service.posts
    token = Dispatch.objects.get().token.hex
    assert "青禾".encode() not in post.body
    assert keys.open(post.body) == {
        "title": "About a purchase or a card of yours",
        "body": "Open to read",
        "url": "/me/receipts/ABC/",
        "tag": token,
        "lang": "en",
    }
    assert post.topic == token
    assert (post.headers["ttl"], post.headers["urgency"]) == (str(3 * 24 * 3600), "normal")
    claims = post.claims(application_server_key())
    assert (claims["aud"], claims["sub"]) == (service.url, "mailto:operator@example.org")


def test_a_deal_lives_no_longer_at_the_push_service_than_it_is_useful(
    consumer: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from messaging import policy

    monkeypatch.setattr(policy, "quiet_until", lambda *args, **kwargs: None)
    monkeypatch.setattr(policy, "by_default", lambda purpose, channel: True)
    subscribed(consumer, service, Keys())
    make_message(consumer, DEAL_PUSH, useless_after=timezone.now() + timedelta(minutes=10))
    delivery.send_due()
    (post,) = service.posts
    assert 590 <= int(post.headers["ttl"]) <= 600
    assert post.headers["urgency"] == "low"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(consumer: User, service: PushService, status: int) -> None:
    subscribed(consumer, service, Keys())
    service.answer = lambda path: status
    make_message(consumer, RECEIPT_PUSH)
    delivery.send_due()
    assert not PushSubscription.objects.exists()
    row = Dispatch.objects.get()
    assert (row.state, row.reason) == (State.SKIPPED, Reason.NO_ADDRESS)


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [
        (500, State.QUEUED, "HTTP 500"),
        (429, State.QUEUED, "HTTP 429"),
        (413, State.PARKED, "HTTP 413"),
        (403, State.PARKED, "HTTP 403"),
        (302, State.PARKED, "HTTP 302"),
    ],
)
def test_what_the_push_service_answers_decides(
    consumer: User, service: PushService, status: int, state: str, error: str
) -> None:
    subscribed(consumer, service, Keys())
    service.answer = lambda path: status
    make_message(consumer, RECEIPT_PUSH)
    delivery.send_due()
    row = Dispatch.objects.get()
    assert (row.state, row.last_error) == (state, error)
    assert PushSubscription.objects.exists()
    assert len(service.posts) == 1  # a redirect is not followed, nothing is repeated on the spot


def test_a_second_try_goes_only_to_the_browsers_that_have_not_got_it(
    consumer: User, service: PushService
) -> None:
    subscribed(consumer, service, Keys(), "/phone")
    subscribed(consumer, service, Keys(), "/desk")
    subscribed(consumer, service, Keys(), "/gone")
    answers = {"/phone": 201, "/desk": 503, "/gone": 410}
    service.answer = lambda path: answers[path]
    make_message(consumer, RECEIPT_PUSH)
    delivery.send_due()
    assert Dispatch.objects.get().state == State.QUEUED
    answers["/desk"] = 201
    Dispatch.objects.update(due_at=timezone.now())
    delivery.send_due()
    assert sorted(post.path for post in service.posts) == ["/desk", "/desk", "/gone", "/phone"]
    assert Dispatch.objects.get().state == State.SENT
    assert PushSubscription.objects.count() == 2


def test_nobody_listening_is_certainly_not_sent(consumer: User) -> None:
    with PushService() as closed:
        subscribed(consumer, closed, Keys())
    make_message(consumer, RECEIPT_PUSH)
    delivery.send_due()
    row = Dispatch.objects.get()
    assert (row.state, row.last_error) == (State.QUEUED, "NewConnectionError")


def test_an_address_that_is_no_longer_allowed_gets_nothing(
    consumer: User, service: PushService, settings: Any
) -> None:
    subscribed(consumer, service, Keys())
    settings.PUSH_HTTPS_ONLY = True
    make_message(consumer, RECEIPT_PUSH)
    delivery.send_due()
    assert (service.posts, Dispatch.objects.get().state) == ([], State.PARKED)


def test_without_a_browser_or_a_key_the_reason_is_written_down(consumer: User, settings: Any) -> None:
    make_message(consumer, RECEIPT_PUSH)
    delivery.send_due()
    assert Dispatch.objects.get().reason == Reason.NO_ADDRESS
    Dispatch.objects.all().delete()
    settings.VAPID_PRIVATE_KEY = ""
    make_message(consumer, RECEIPT_PUSH)
    delivery.send_due()
    assert Dispatch.objects.get().reason == Reason.NOT_SET_UP


def test_signed_out_means_not_notified(consumer: User, stranger: User, service: PushService) -> None:
    """T45: the second person at the browser never sees the first one's messages."""
    client = client_of(consumer)
    keys = Keys()
    fields = {"endpoint": f"{service.url}/shared", "p256dh": keys.p256dh, "auth": keys.auth}
    client.post("/me/push/", fields)
    make_message(consumer, RECEIPT_PUSH)
    client.logout()
    client_of(stranger).post("/me/push/", fields)
    delivery.send_due()
    assert service.posts == []


def test_no_log_line_names_the_person(
    consumer: User, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    subscribed(consumer, service, Keys())
    service.answer = lambda path: 503
    make_message(consumer, RECEIPT_PUSH, shop="青禾理发")
    with caplog.at_level(logging.DEBUG):
        delivery.send_due()
    said = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    for secret in ("青禾", "¥38", consumer.phone or "-", "张女士"):
        assert secret not in said
