"""Browsers that may be notified: whose they are, and which are let in."""

import pytest
from django.db import connection
from django.utils import timezone

from messaging.endpoints import endpoint_hash
from messaging.models import (
    ConsentEntry,
    PushSubscription,
    Source,
)
from portal.kernel.models import User
from tests.cast import client_of
from tests.messaging.push_service import Keys, new_vapid_key

pytestmark = pytest.mark.django_db

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


def browser_fields(endpoint: str = ENDPOINT) -> dict[str, str]:
    keys = Keys()
    return {"endpoint": endpoint, "p256dh": keys.p256dh, "auth": keys.auth}


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
    settings.VAPID_PRIVATE_KEY = ""
    assert "data-push" not in client_of(consumer).get("/me/notifications/").content.decode()
    settings.VAPID_PRIVATE_KEY = new_vapid_key()
    assert 'data-bound="no"' in client_of(consumer).get("/me/notifications/").content.decode()
