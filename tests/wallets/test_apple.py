"""Passes in Apple's wallet hear that their card has changed and get the newest; others get nothing."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from loyalty import actions
from loyalty.actions.wallets import card_changed
from loyalty.models import MediumKind, PassDevice, Programme, WalletPass
from loyalty.wallets import push
from loyalty.web import apple as pages
from orders.actions import ring_up
from portal.kernel.events import deliver_due
from portal.kernel.models import User
from tests.cast import client_of, owner_of
from tests.loyalty.makers import give, make_levels
from tests.loyalty.money import make_money_card, pay_in, shop_of
from tests.loyalty.test_wallets import verified
from tests.passes.makers import sell
from tests.wallets.makers import HOME, KIND, Phone, tell

pytestmark = pytest.mark.django_db


def adjusted(card, points=43):
    facts = {"reason": "thank you", "by": owner_of(card.merchant), "key": uuid.uuid4()}
    return actions.adjust(card, points, **facts)


def test_a_phone_registers_hears_of_a_change_and_fetches_the_newest(apple, card, pushes):
    phone = Phone(apple)
    assert (phone.register(), phone.register(), PassDevice.objects.count()) == (201, 200, 1)
    first = phone.newest()
    assert (first.status_code, phone.newest(first["Last-Modified"]).status_code) == (200, 304)
    adjusted(card)
    assert tell() == 1
    told = pushes.told[0]
    assert (told.path, told.body, told.certificate) == ("/3/device/aa11", b"{}", "pass")
    assert told.headers["apns-topic"] == KIND
    answer = phone.changed().json()
    assert answer["serialNumbers"] == [apple.medium.token]
    fresh = phone.newest(first["Last-Modified"])
    assert (fresh.status_code, phone.sees()["storeCard"]["headerFields"][0]["value"]) == (200, 100)
    assert phone.newest(fresh["Last-Modified"]).status_code == 304
    assert tell() == 0


def test_the_newest_is_signed_as_the_first_was(apple, card, folder):
    zipfile.ZipFile(io.BytesIO(Phone(apple).newest().content)).extractall(folder)
    assert verified(folder).returncode == 0


def test_a_pass_says_where_the_newest_is_and_how_to_prove_it(apple, settings):
    seen = Phone(apple).sees()
    assert seen["webServiceURL"] == "https://corner.example/api/v1/wallet/apple/"
    assert seen["authenticationToken"] == apple.secret and len(apple.secret) >= 32
    settings.SITE_URL = "http://localhost:8000"
    assert "webServiceURL" not in Phone(apple).sees()  # phones ask by HTTPS alone


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "x" * 43}, {"serial": "NOBODYS"}, {"kind": "pass.other"}, {"headers": {}}],
    ids=["secret", "serial", "kind", "nothing"],
)
def test_who_cannot_prove_to_have_the_pass_is_turned_away(apple, wrong):
    phone = Phone(apple, secret=wrong.get("secret", ""))
    for name in set(wrong) - {"secret"}:
        setattr(phone, name, wrong[name])
    assert [phone.register(), phone.unregister(), phone.newest().status_code] == [401] * 3
    assert not PassDevice.objects.exists()


def test_another_passs_secret_opens_nothing(apple, google, card):
    assert Phone(apple, secret=google.secret).newest().status_code == 401
    mine = Phone(google)
    assert mine.newest().status_code == 401  # Google's is not Apple's to fetch


def test_guessing_secrets_ends_after_some_tries(apple, monkeypatch):
    monkeypatch.setattr(pages, "WRONG", pages.Limit("wrong secrets of passes", most=2, seconds=3600))
    wrong = Phone(apple, secret="x" * 43)
    assert [wrong.register() for _ in range(4)] == [401, 401, 429, 429]
    assert Phone(apple).register() == 429  # the right one waits, too, from that address


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"pushToken": 5}', b'{"pushToken": "../x"}', b"x" * 11_000]
)
def test_a_registration_without_a_token_is_none(apple, body):
    phone = Phone(apple)
    sent = phone.browser.post(
        phone.registration, body, content_type="application/json", headers=phone.headers
    )
    assert (sent.status_code, PassDevice.objects.exists()) == (400, False)


def test_a_phone_that_leaves_hears_nothing_more(apple, card, pushes):
    phone = Phone(apple)
    phone.register()
    assert [phone.unregister(), phone.unregister()] == [200, 200]
    adjusted(card)
    tell()
    assert (PassDevice.objects.exists(), pushes.told) == (False, [])
    assert phone.changed().status_code == 204


def test_a_new_push_token_takes_the_place_of_the_old_one(apple, card, pushes):
    Phone(apple, token="aa11").register()
    assert Phone(apple, token="bb22").register() == 200
    adjusted(card)
    tell()
    assert [one.path for one in pushes.told] == ["/3/device/bb22"]


@pytest.mark.parametrize("answer", [(410, {"reason": "Unregistered"}), (400, {"reason": "BadDeviceToken"})])
def test_a_phone_that_is_gone_is_forgotten_and_the_others_are_told(apple, card, pushes, answer):
    Phone(apple).register()
    Phone(apple, device="d2", token="bb22").register()
    pushes.answers["aa11"] = answer
    adjusted(card)
    tell()
    assert list(PassDevice.objects.values_list("push_token", flat=True)) == ["bb22"]
    assert WalletPass.objects.get(pk=apple.pk).due_at is None


def test_what_could_not_be_told_is_tried_again_and_parked_after_ten(apple, card, pushes):
    Phone(apple).register()
    pushes.answers["aa11"] = (503, {"reason": "ServiceUnavailable"})
    adjusted(card)
    for turn in range(1, 11):
        assert tell() == 1
        apple.refresh_from_db()
        assert apple.attempts == turn
        assert apple.due_at - timezone.now() > timedelta(seconds=min(2**turn, 3600) - 30)
    assert "HTTP 503 ServiceUnavailable" in apple.last_error
    assert (apple.parked_at is not None, tell()) == (True, 0)
    pushes.answers.clear()
    adjusted(card, 1)  # another change is another reason to try
    assert tell() == 1
    apple.refresh_from_db()
    assert (apple.parked_at, apple.due_at, apple.attempts, apple.last_error) == (None, None, 0, "")


def test_nobody_listens_where_apple_should(apple, card, settings):
    Phone(apple).register()
    settings.APPLE_PUSH_URL = "https://localhost:9"
    adjusted(card)
    tell()
    apple.refresh_from_db()
    assert (apple.attempts, "ConnectError" in apple.last_error) == (1, True)


def test_many_changes_at_once_are_told_once(apple, card, pushes):
    Phone(apple).register()
    for _ in range(3):
        adjusted(card)
    deliver_due()
    tell()
    assert len(pushes.told) == 1


def test_a_change_while_it_is_told_is_told_again(apple, card, pushes, monkeypatch):
    Phone(apple).register()
    first = push._tell

    def meanwhile(line, token):
        monkeypatch.setattr(push, "_tell", first)
        adjusted(card, 1)
        deliver_due()
        return first(line, token)

    monkeypatch.setattr(push, "_tell", meanwhile)
    adjusted(card)
    tell()
    apple.refresh_from_db()
    assert apple.due_at is not None
    tell()
    assert len(pushes.told) == 2


def test_each_change_is_later_than_the_one_before_as_http_tells_time(apple, card):
    stamps = [Phone(apple).newest()["Last-Modified"]]
    for _ in range(3):
        card_changed(card.pk)
        stamps.append(Phone(apple).newest()["Last-Modified"])
    assert len(set(stamps)) == 4


def test_a_revoked_pass_hears_of_it_and_says_that_it_is_void(apple, card, consumer, pushes):
    phone = Phone(apple)
    phone.register()
    client_of(consumer).post(f"/me/cards/{card.token}/media/{apple.medium_id}/revoke/")
    tell()
    assert len(pushes.told) == 1
    assert phone.changed().json()["serialNumbers"] == [phone.serial]
    assert phone.sees()["voided"] is True


def test_the_list_leaves_out_what_has_not_changed_since(apple, card):
    phone = Phone(apple)
    phone.register()
    tag = phone.changed().json()["lastUpdated"]
    WalletPass.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    assert phone.changed(tag).status_code == 204
    assert phone.changed("yesterday").json()["serialNumbers"] == [phone.serial]
    assert Phone(apple, device="another").changed().status_code == 204


def test_phones_say_what_went_wrong_and_not_without_end(folder, caplog, monkeypatch):
    monkeypatch.setattr(pages, "LOGS", pages.Limit("logs of phones", most=2, seconds=3600))
    body = json.dumps({"logs": ["no network\nforged line", *["more"] * 50]})
    send = lambda content: Client().post(f"{HOME}/log", content, content_type="application/json")  # noqa: E731
    assert [send(body).status_code, send("nonsense").status_code, send(body).status_code] == [200, 200, 429]
    lines = [one.getMessage() for one in caplog.records if "Apple Wallet" in one.getMessage()]
    assert (len(lines), lines[0]) == (20, "Apple Wallet: no network forged line")


def test_without_certificates_nobody_is_answered_and_nothing_is_noted(card, consumer):
    held = actions.issue_pass(card, "apple", by=consumer).wallet
    phone = Phone(held)
    assert [phone.register(), phone.changed().status_code, phone.newest().status_code] == [404] * 3
    assert Client().post(f"{HOME}/log", b"{}", content_type="application/json").status_code == 404
    adjusted(card)
    deliver_due()
    held.refresh_from_db()
    assert held.due_at is None


def test_a_pass_keeps_to_its_merchant_and_each_phone_stands_once(apple, card, other_shop):
    Phone(apple).register()
    with pytest.raises(IntegrityError, match="device_once_per_pass"), transaction.atomic():
        PassDevice.objects.create(merchant=card.merchant, wallet_pass=apple, device="d1", push_token="aa")
    with pytest.raises(IntegrityError, match="device_stays_with_its_pass"), transaction.atomic():
        PassDevice.objects.update(merchant=other_shop.merchant)
    with pytest.raises(IntegrityError, match="wallet_pass_has_a_long_secret"), transaction.atomic():
        WalletPass.objects.update(secret="short")
    PassDevice.objects.all().delete()
    with pytest.raises(IntegrityError, match="wallet_pass_stays_with_its_medium"), transaction.atomic():
        WalletPass.objects.update(merchant=other_shop.merchant)


def test_points_that_were_earned_at_a_sale_are_told(apple, card, pushes):
    facts = {"merchant": card.merchant, "shop": shop_of(card), "by": owner_of(card.merchant)}
    Phone(apple).register()
    ring_up(bill=3800, key=uuid.uuid4(), card=card, **facts)
    assert tell() == 1
    assert Phone(apple).sees()["storeCard"]["headerFields"][0]["value"] > 57


def test_the_pass_shows_level_balance_visits_and_what_expires_in_the_holders_language(shop, consumer, folder):
    card = make_money_card(shop, consumer, tiers=[])
    Programme.objects.update(points_expire_months=12)
    card.programme.refresh_from_db()
    give(card, 57)
    pay_in(card, 50_000)
    sell(card, months=1)
    make_levels(card.programme)
    User.objects.filter(pk=consumer.pk).update(language="en")
    seen = Phone(actions.issue_pass(card, MediumKind.APPLE, by=consumer).wallet).sees()["storeCard"]
    assert seen["headerFields"][0]["label"] == "Points"
    said = {one["key"]: one["value"] for one in seen["auxiliaryFields"] + seen["backFields"]}
    assert (said["balance"], said["visits"], said["number"]) == ("¥500.00", "10", card.number_in_groups)
    assert said["expires-visits"].startswith("10 visits until the end of ")
    assert "expires-points" in said


def test_points_that_expired_are_told(apple, card, pushes):
    Phone(apple).register()
    card.programme.points_expire_months = 1
    card.programme.save()
    give(card, 5)
    tell()
    before = len(pushes.told)
    assert actions.expire_due(timezone.now() + timedelta(days=70)) == 1
    tell()
    assert len(pushes.told) == before + 1
