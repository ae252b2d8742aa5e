"""Visit passes paid for online: only the provider's word puts one on a card, and it does so once."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from loyalty.actions import announce_closing, change_pass
from loyalty.actions.caps import OverTheCap
from loyalty.actions.pass_refusals import NotSold, OnlyAtTheCounter
from loyalty.models import VisitPass
from loyalty.value.ledger import CardNotActive
from messaging.models import Message
from orders import actions
from orders.actions.payments import NoOnlineSale
from orders.gateways.simulated import Simulated, notice_of
from orders.models import Payment, PaymentState
from portal.kernel.events import deliver_due
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_shop, owner_of
from tests.loyalty.makers import make_card
from tests.loyalty.money import make_money_card, shop_of
from tests.passes.makers import left, make_offer, refund, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(shop, consumer):
    return make_card(shop.merchant, consumer)


@pytest.fixture
def offer(card):
    return make_offer(card.programme, sold_online=True)


def begun(card, offer, **changes) -> Payment:
    wanted = {"key": uuid.uuid4(), "shop": shop_of(card), "by": card.customer.user} | changes
    return actions.begin_pass(card, offer, **wanted)


def settled(payment: Payment, *, paid: bool = True) -> Payment:
    actions.decide_simulated(payment, paid=paid)
    actions.hear(Simulated(), Simulated().read(*notice_of(payment, paid=paid)))
    payment.refresh_from_db()
    return payment


def said(page) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.content.decode()).replace("&#x27;", "’").split())


def test_a_person_buys_a_pass_on_the_simulated_cashier(card, offer, consumer, books_balance):
    phone = client_of(consumer, language="en")
    home = f"/me/cards/{card.token}/"
    assert f"{home}passes/buy/" in phone.get(home).content.decode()
    assert "Buy for ¥300" in said(phone.get(f"{home}passes/buy/"))
    key = re.search(r'name="key" value="([^"]+)"', phone.get(f"{home}passes/buy/").content.decode())[1]
    sent = {"key": key, "offer": offer.pk}
    first, again = (phone.post(f"{home}passes/buy/", sent) for _ in range(2))
    assert first.url == again.url
    assert "Waiting for the payment" in said(phone.get(first.url))
    assert "Ten washes" in said(phone.get(f"{first.url}simulated/"))
    for _ in range(2):
        phone.post(f"{first.url}simulated/", {"do": "pay"})
    held, payment = VisitPass.objects.select_related("lot").get(), Payment.objects.get()
    assert (payment.state, payment.visit_pass, held.by, held.paid) == ("credited", held, None, 30_000)
    receipt = said(phone.get(first.url))
    assert "On your card" in receipt and "10 visits" in receipt and payment.token in receipt
    assert "10 of 10 visits left" in said(phone.get(home))
    deliver_due()
    assert Message.objects.filter(person=consumer, kind="loyalty.pass_sold").count() == 1
    visit(held)
    assert refund(held, 27_000).amount == 27_000
    books_balance()


def test_a_refused_payment_sells_nothing_and_a_late_one_still_does(card, offer):
    refused = settled(begun(card, offer), paid=False)
    late = begun(card, offer)
    actions.lapse_payments(moment=timezone.now() + timedelta(minutes=16))
    assert (refused.state, settled(late).state) == (PaymentState.FAILED, PaymentState.CREDITED)
    assert VisitPass.objects.count() == 1


def test_one_key_is_one_payment_and_another_pass_is_refused(card, offer):
    key = uuid.uuid4()
    assert begun(card, offer, key=key).pk == begun(card, offer, key=key).pk
    with pytest.raises(KeyReused):
        begun(card, make_offer(card.programme, sold_online=True), key=key)
    facts = {"key": key, "shop": shop_of(card), "by": card.customer.user}
    with pytest.raises(KeyReused):
        actions.begin_top_up(card, offer.price, **facts)


def test_what_could_not_be_sold_is_never_asked_for(card, offer, settings):
    by = owner_of(card.merchant)
    with pytest.raises(OnlyAtTheCounter):
        begun(card, make_offer(card.programme))
    with pytest.raises(NotSold):
        begun(card, change_pass(offer, by=by, is_on=False))
    settings.PAYMENT_GATEWAY = ""
    with pytest.raises(NoOnlineSale):
        begun(card, change_pass(offer, by=by, is_on=True))
    assert not Payment.objects.exists()


def test_limits_hold_before_anybody_pays(shop, consumer):
    card = make_money_card(shop, consumer, tiers=[], most_on_card=20_000)
    with pytest.raises(OverTheCap):
        begun(card, make_offer(card.programme, sold_online=True))


def test_a_frozen_card_buys_nothing(card, offer, consumer):
    from_page = client_of(consumer, language="en")
    from_page.post(f"/me/cards/{card.token}/freeze/")
    card.refresh_from_db()
    with pytest.raises(CardNotActive):
        begun(card, offer)
    page = from_page.get(f"/me/cards/{card.token}/passes/buy/")
    assert "Nothing can be bought online" in said(page)


@pytest.mark.parametrize("change", [{"visits": 5}, {"price": 40_000}, {"months": 1}, {"is_on": False}])
def test_terms_changed_before_the_payment_came_send_the_money_back(card, offer, change):
    payment = begun(card, offer)
    change_pass(offer, by=owner_of(card.merchant), **change)
    assert (settled(payment).state, VisitPass.objects.exists()) == (PaymentState.OWED, False)
    deliver_due()
    assert Message.objects.filter(kind="orders.payment_owed", person=payment.by).count() == 1


def test_taken_off_the_net_meanwhile_it_is_still_sold_to_who_is_paying(card, offer):
    payment = begun(card, offer)
    change_pass(offer, by=owner_of(card.merchant), sold_online=False)
    assert settled(payment).state == PaymentState.CREDITED


def test_a_shop_that_closed_meanwhile_owes_the_money(card, offer):
    payment, today = begun(card, offer), timezone.localdate()
    announce_closing(card.programme, by=owner_of(card.merchant), last_day=today, today=today)
    assert settled(payment).state == PaymentState.OWED


def test_a_pass_for_one_shop_is_booked_there(card, consumer):
    other = make_shop(card.merchant, name="青禾理发 二店")
    offer = make_offer(card.programme, sold_online=True, shops=[other.pk])
    phone = client_of(consumer, language="en")
    page = f"/me/cards/{card.token}/passes/buy/"
    assert "青禾理发 二店" in said(phone.get(page))
    phone.post(page, {"key": uuid.uuid4(), "offer": offer.pk})
    held = settled(Payment.objects.get()).visit_pass
    assert (held.shop, left(held)) == (other, 10)


def test_the_database_keeps_payment_and_pass_together(card, offer):
    payment = settled(begun(card, offer))
    for sabotage in ({"state": "failed"}, {"visit_pass": None}, {"offer": None, "promise": None}):
        with (
            pytest.raises(IntegrityError, match="credited_payment_names_what_it_paid"),
            transaction.atomic(),
        ):
            Payment.objects.filter(pk=payment.pk).update(**sabotage)
    with pytest.raises(IntegrityError, match="payment_for_a_pass_keeps_its_promise"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(promise=None)
