"""Paying online: only the provider's word credits a card, and it does so once."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from loyalty.actions import announce_closing
from loyalty.actions.stored_value import NoTopUps
from loyalty.models import TopUp, ValueKind
from messaging.models import Message
from orders import actions
from orders.gateways import Forged, Notice
from orders.gateways.simulated import SENT_AT, SIGNATURE, Simulated, notice_of, signature
from orders.models import Payment, PaymentNotice, PaymentState
from portal.kernel.events import deliver_due
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_user, owner_of
from tests.loyalty.makers import holds
from tests.loyalty.money import make_money_card
from tests.orders.payments import make_payment
from tests.together import at_once

pytestmark = pytest.mark.django_db


def decided(payment: Payment, *, paid: bool = True) -> tuple[bytes, dict[str, str]]:
    actions.decide_simulated(payment, paid=paid)
    return notice_of(payment, paid=paid)


def send(client, body: bytes, headers: dict[str, str]):
    return client.post("/api/v1/payments/simulated/", body, content_type="application/json", headers=headers)


def test_a_person_pays_in_on_the_simulated_cashier_and_the_bonus_comes_along(shop):
    holder = make_user()
    card, phone = make_money_card(shop, holder), client_of(holder)
    path = f"/me/cards/{card.token}/top-up/"
    key = re.search(r'name="key" value="([^"]+)"', phone.get(path).content.decode())[1]
    first, again = (phone.post(path, {"key": key, "paid": "3000"}) for _twice in range(2))
    assert first.url == again.url
    assert "hx-trigger" in phone.get(first.url).content.decode()
    for _twice in range(2):
        phone.post(f"{first.url}simulated/", {"do": "pay"})
    assert (holds(card, ValueKind.PRINCIPAL), holds(card, ValueKind.BONUS)) == (300_000, 100_000)
    assert Payment.objects.get().state == PaymentState.CREDITED
    assert TopUp.objects.get().channel == "online"


def test_the_page_on_the_way_back_credits_nothing(shop):
    holder = make_user()
    payment = make_payment(make_money_card(shop, holder), 50_000)
    assert client_of(holder).get(f"/me/payments/{payment.token}/?paid=1&state=credited").status_code == 200
    assert not TopUp.objects.exists()


def test_what_could_not_be_credited_is_never_asked_for(shop):
    card = make_money_card(shop, is_on=False)
    with pytest.raises(NoTopUps):
        make_payment(card, 50_000)
    assert not Payment.objects.exists()


def test_one_key_is_one_payment_and_other_content_is_refused(shop):
    card, key = make_money_card(shop), uuid.uuid4()
    assert make_payment(card, 50_000, key=key).pk == make_payment(card, 50_000, key=key).pk
    with pytest.raises(KeyReused):
        make_payment(card, 50_001, key=key)


def test_without_a_provider_nobody_is_sent_anywhere(shop, settings):
    settings.PAYMENT_GATEWAY = ""
    with pytest.raises(actions.NoOnlinePayment):
        make_payment(make_money_card(shop), 50_000)


def test_a_notice_with_a_wrong_signature_or_an_old_time_is_forged(shop, client):
    body, headers = decided(make_payment(make_money_card(shop), 50_000))
    old = str(int(headers[SENT_AT]) - 301)
    for wrong in (
        {},
        headers | {SIGNATURE: "0" * 64},
        {SENT_AT: old, SIGNATURE: signature(body, old)},
        {SENT_AT: "soon", SIGNATURE: signature(body, "soon")},
    ):
        assert send(client, body, wrong).status_code == 400
    assert send(client, body + b" ", headers).status_code == 400
    with pytest.raises(Forged):
        Simulated().read(b"[]", {SENT_AT: headers[SENT_AT], SIGNATURE: signature(b"[]", headers[SENT_AT])})
    assert not TopUp.objects.exists()
    assert not PaymentNotice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 49_999}, {"amount": 5_000_000}, {"currency": "USD"}, {"token": "nobody"}],
    ids=["a cent less", "a hundred times", "other money", "unknown"],
)
def test_a_signed_notice_that_does_not_fit_is_written_down_and_not_believed(shop, client, wrong):
    payment = make_payment(make_money_card(shop), 50_000)
    body, headers = decided(payment)
    body = json.dumps(json.loads(body) | wrong).encode()
    headers |= {SIGNATURE: signature(body, headers[SENT_AT])}
    assert send(client, body, headers).status_code == 200
    assert PaymentNotice.objects.get().verdict
    payment.refresh_from_db()
    assert payment.state == PaymentState.ASKED


def test_the_provider_is_asked_back_before_anything_is_credited(shop):
    payment = make_payment(make_money_card(shop), 50_000)
    lie = Notice(event="1", token=payment.token, paid=True, amount=50_000, currency="CNY")
    assert "asked back" in actions.hear(Simulated(), lie)
    assert not TopUp.objects.exists()


def test_paid_after_it_lapsed_is_credited_and_refused_after_it_was_paid_changes_nothing(shop, client):
    payment = make_payment(make_money_card(shop), 50_000)
    assert actions.lapse_payments(moment=timezone.now() + timedelta(minutes=16)) == 1
    assert send(client, *decided(payment)).status_code == 200
    payment.refresh_from_db()
    assert payment.state == PaymentState.CREDITED
    assert send(client, *notice_of(payment, paid=False)).status_code == 200
    payment.refresh_from_db()
    assert payment.state == PaymentState.CREDITED


def test_money_that_came_too_late_to_be_credited_is_owed_back_and_the_payer_is_told(shop, client):
    holder = make_user()
    card = make_money_card(shop, holder)
    payment = make_payment(card, 50_000)
    today = timezone.localdate()
    announce_closing(card.programme, by=owner_of(shop.merchant), last_day=today, today=today)
    send(client, *decided(payment))
    payment.refresh_from_db()
    assert payment.state == PaymentState.OWED
    assert payment.problem
    deliver_due()
    assert Message.objects.filter(person=holder, kind="orders.payment_owed").count() == 1
    for _twice in range(2):
        payment = actions.give_back(payment, by=owner_of(shop.merchant))
    assert payment.state == PaymentState.RETURNED


def test_ten_megabytes_of_nonsense_are_turned_away_unread(client):
    answer = client.post("/api/v1/payments/simulated/", b"x" * 10_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert client.post("/api/v1/payments/nobody/", b"", content_type="text/plain").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_fifty_copies_of_one_notice_credit_once(shop, books_balance):
    card = make_money_card(shop)
    payment = make_payment(card, 300_000)
    body, headers = decided(payment)
    said = Simulated().read(body, headers)
    at_once([lambda: actions.hear(Simulated(), said)] * 50)
    assert holds(card, ValueKind.PRINCIPAL) == 300_000
    assert TopUp.objects.count() == PaymentNotice.objects.count() == 1
    with transaction.atomic():
        books_balance()
