"""Paying online for a top-up or a visit pass: asked for here, decided by the provider, credited once."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions import sell_pass, top_up
from loyalty.actions.passes import check_online_sale
from loyalty.actions.stored_value import check_top_up
from loyalty.models import Card, Channel, PassOffer
from merchants.models import Shop
from orders.events import PaymentSettled
from orders.gateways import Gateway, Notice, gateway
from orders.models import Payment, PaymentNotice, PaymentState, SimulatedDecision
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

LAPSES_AFTER = timedelta(minutes=15)


class NoOnlinePayment(Refused):
    sentence = _("Paying online isn't possible at the moment. You can top up at the counter.")


class NoOnlineSale(NoOnlinePayment):
    sentence = _("Paying online isn't possible at the moment. You can buy the pass at the counter.")


@transaction.atomic
def begin_top_up(
    card: Card, amount: int, *, key: UUID, shop: Shop, by: User, moment: datetime | None = None
) -> Payment:
    """A payment that waits for the provider's word. Asked again with its key, the same one.

    Refused at once where the top-up would be refused: nobody pays for what can't be credited.
    """
    if earlier := Payment.objects.filter(by=by, key=key).first():
        if (earlier.card_id, earlier.offer_id, earlier.amount) != (card.pk, None, amount):
            raise KeyReused
        return earlier
    provider = gateway()
    if provider is None:
        raise NoOnlinePayment
    check_top_up(card, amount, shop=shop)
    return _ask(card, amount, provider, key=key, shop=shop, by=by, moment=moment or timezone.now())


@transaction.atomic
def begin_pass(
    card: Card, offer: PassOffer, *, key: UUID, shop: Shop, by: User, moment: datetime | None = None
) -> Payment:
    """The same for a visit pass. Its terms are kept: changed before it is paid, the money goes back."""
    if earlier := Payment.objects.filter(by=by, key=key).first():
        if (earlier.card_id, earlier.offer_id) != (card.pk, offer.pk):
            raise KeyReused
        return earlier
    provider = gateway()
    if provider is None:
        raise NoOnlineSale
    check_online_sale(card, offer, shop=shop)
    what = {"offer": offer, "promise": offer.promise}
    return _ask(
        card, offer.price, provider, key=key, shop=shop, by=by, moment=moment or timezone.now(), **what
    )


def _ask(
    card: Card,
    amount: int,
    provider: Gateway,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    moment: datetime,
    **what: Any,
) -> Payment:
    return Payment.objects.create(
        merchant_id=card.merchant_id,
        shop=shop,
        card=card,
        by=by,
        token=new_code(16),
        gateway=provider.name,
        amount=amount,
        currency=settings.CURRENCY,
        key=key,
        asked_at=moment,
        lapses_at=moment + LAPSES_AFTER,
        **what,
    )


def hear(provider: Gateway, notice: Notice, *, moment: datetime | None = None) -> str:
    """Believe a provider's notice, or write down why not; returns that reason, empty when believed.

    The provider is asked back before anything is credited, outside every transaction. The same
    event again changes nothing.
    """
    moment = moment or timezone.now()
    payment = Payment.objects.filter(token=notice.token, gateway=provider.name).first()
    says = provider.ask(payment) if payment else None
    return _settle(provider.name, notice, says, moment)


@retry_on_deadlock
@transaction.atomic
def _settle(provider: str, notice: Notice, says: bool | None, moment: datetime) -> str:
    rows = Payment.objects.locked().filter(gateway=provider, token=notice.token)
    payment = rows.first()
    written, is_new = PaymentNotice.objects.get_or_create(
        gateway=provider,
        event=notice.event[:64],
        defaults={
            "token": notice.token[:16],
            "paid": notice.paid,
            "amount": notice.amount,
            "currency": notice.currency[:3],
            "verdict": _doubt(payment, notice, says),
        },
    )
    if is_new and not written.verdict and payment:
        _decide(payment, notice.paid, moment)
    return written.verdict


def _doubt(payment: Payment | None, notice: Notice, says: bool | None) -> str:
    """Why a notice is not believed; empty when it is."""
    if payment is None:
        return "no such payment"
    if (notice.amount, notice.currency) != (payment.amount, payment.currency):
        return f"amount or currency differ from {payment.amount} {payment.currency}"
    if says is not notice.paid:
        return f"asked back, the provider says {says}"
    return ""


def _decide(payment: Payment, paid: bool, moment: datetime) -> None:
    """Paid counts even after the payment had lapsed here; not paid counts only while it is waited for."""
    if paid and payment.state in (PaymentState.ASKED, PaymentState.LAPSED, PaymentState.FAILED):
        _credit(payment, moment)
    elif not paid and payment.is_open:
        payment.state = PaymentState.FAILED
    else:
        return
    payment.settled_at = moment
    payment.save(update_fields=["state", "settled_at", "top_up", "visit_pass", "problem"])
    publish(
        PaymentSettled(
            payment_id=payment.pk,
            card_id=payment.card_id,
            merchant_id=payment.merchant_id,
            user_id=payment.by_id,
            amount=payment.amount,
            state=payment.state,
        )
    )


def _credit(payment: Payment, moment: datetime) -> None:
    """What was paid for is credited; where that has become impossible, the money is owed back."""
    facts: dict[str, Any] = {"key": payment.key, "shop": payment.shop, "by": None, "moment": moment}
    try:
        with transaction.atomic():
            if payment.offer:
                payment.visit_pass = sell_pass(payment.card, payment.offer, promise=payment.promise, **facts)
            else:
                payment.top_up = top_up(payment.card, payment.amount, channel=Channel.ONLINE, **facts)
        payment.state = PaymentState.CREDITED
    except Refused as refusal:
        payment.state, payment.problem = PaymentState.OWED, str(refusal)[:200]


@transaction.atomic
def lapse_payments(*, moment: datetime) -> int:
    """Payments that nobody made in time are waited for no longer."""
    return Payment.objects.overdue_at(moment).update(state=PaymentState.LAPSED)


@transaction.atomic
def give_back(payment: Payment, *, by: User, moment: datetime | None = None) -> Payment:
    """Staff have sent the money back through the provider. Said twice, it is written once."""
    payment = Payment.objects.locked().get(pk=payment.pk)
    if payment.state == PaymentState.OWED:
        payment.state, payment.settled_at = PaymentState.RETURNED, moment or timezone.now()
        payment.save(update_fields=["state", "settled_at"])
    return payment


@transaction.atomic
def decide_simulated(payment: Payment, *, paid: bool) -> bool:
    """What the payer pressed on the simulated provider's page. The first press counts; returns it."""
    decided, _new = SimulatedDecision.objects.get_or_create(payment=payment, defaults={"paid": paid})
    return decided.paid
