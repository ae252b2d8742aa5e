"""Passes in Google's wallet are changed there, by a service account that signs for its token."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty import actions
from tests.cast import client_of, owner_of
from tests.wallets.makers import tell

pytestmark = pytest.mark.django_db


def adjusted(card, points=43):
    return actions.adjust(card, points, reason="thank you", by=owner_of(card.merchant), key=uuid.uuid4())


def test_a_change_of_the_card_changes_the_object(google, card, wallet):
    adjusted(card)
    assert tell() == 1
    ((path, body),) = wallet.patches
    assert path == f"/walletobjects/v1/loyaltyObject/3388000000012345678.{google.medium.token}"
    assert (body["loyaltyPoints"]["balance"]["int"], body["state"]) == (100, "ACTIVE")
    assert not {"id", "classId"} & set(body)  # of an object that is there, these never change
    claims = wallet.claims[0]
    assert claims["iss"] == "wallet@example.iam.gserviceaccount.com"
    assert claims["scope"] == "https://www.googleapis.com/auth/wallet_object.issuer"
    assert claims["aud"] == "https://oauth2.googleapis.com/token"
    google.refresh_from_db()
    assert (google.due_at, tell()) == (None, 0)


def test_one_that_nobody_has_added_yet_is_left_alone(google, card, wallet):
    wallet.answer = 404
    adjusted(card)
    tell()
    google.refresh_from_db()
    assert (google.due_at, google.attempts) == (None, 0)


@pytest.mark.parametrize("answer", [403, 500])
def test_what_google_refuses_is_tried_again_later(google, card, wallet, answer):
    wallet.answer = answer
    adjusted(card)
    tell()
    google.refresh_from_db()
    assert (google.attempts, f"HTTP {answer}" in google.last_error) == (1, True)
    assert google.due_at > timezone.now() - timedelta(seconds=1)
    wallet.answer = 200
    tell()
    google.refresh_from_db()
    assert google.due_at is None


def test_a_revoked_one_is_no_longer_active_there(google, card, consumer, wallet):
    client_of(consumer).post(f"/me/cards/{card.token}/media/{google.medium_id}/revoke/")
    tell()
    assert wallet.patches[-1][1]["state"] == "INACTIVE"


def test_both_wallets_of_one_card_are_told(apple, google, card, wallet):
    adjusted(card)
    assert tell() == 2
    assert len(wallet.patches) == 1
