"""Money back to the holder: asked for with the sum that was shown, owed at once, paid out by a person."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.passes import locked_pass
from loyalty.actions.stored_value import take_off
from loyalty.events import RefundAsked, RefundPaid
from loyalty.models import (
    Card,
    EntryKind,
    Refund,
    StoredValueTerms,
    TopUp,
    ValueKind,
    VisitPass,
    Why,
)
from loyalty.value.ledger import NotEnough, NoVisitsLeft, Posting, post
from loyalty.value.prepaid import profile
from loyalty.value.quoting import Quote, quote_of
from merchants.models import Role, StaffMember
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.money import format_money
from portal.kernel.refused import KeyReused, Refused


class NothingToRefund(Refused):
    sentence = _("There is no money on this card.")


class QuoteChanged(Refused):
    status = 409
    sentence = _("The sum has changed meanwhile: it is %(amount)s now. Look once more, then confirm.")


class PaymentUnderWay(Refused):
    status = 409
    sentence = _("A payment with this card is under way. Try again in a minute.")


class NotYours(Refused):
    sentence = _("Only the holder, or the shop's owner or manager, has a card refunded.")


class OwnRefund(Refused):
    sentence = _("Nobody pays out a refund to themselves. Ask a colleague.")


class CoolingOffIsOver(Refused):
    sentence = _("A top-up can be taken back whole within %(days)d days. This one is older.")


@retry_on_deadlock
@transaction.atomic
def refund_card(
    card: Card,
    *,
    quoted: int,
    key: UUID,
    by: User | None,
    why: Why = Why.ASKED,
    moment: datetime | None = None,
) -> Refund:
    """Take off the card what it holds in money and owe the holder the quote. Keyed as ``earn`` is.

    ``quoted``: the sum in minor units that was shown; another one now is refused, never paid silently.
    Points, visits and the membership stay. ``by``: nobody when a closing shop refunds what is left.
    """
    moment = moment or timezone.now()
    card = Card.objects.locked().get(pk=card.pk)
    if earlier := Refund.objects.filter(card=card, key=key).first():
        if earlier.amount != quoted:
            raise KeyReused
        return earlier
    if by and card.customer.user_id != by.pk and not _manages(card, by):
        raise NotYours
    quote = quote_of(card, moment)
    if not quote.left:
        raise NothingToRefund
    if quote.amount != quoted:
        raise QuoteChanged(amount=format_money(quote.amount, exact=True))
    _empty(card, quote, key, by, moment)
    return _owe(card, quote, quote.amount, why=why, key=key, by=by, moment=moment)


@retry_on_deadlock
@transaction.atomic
def refund_pass(
    held: VisitPass,
    *,
    quoted: int,
    key: UUID,
    by: User | None,
    why: Why = Why.ASKED,
    moment: datetime | None = None,
) -> Refund:
    """Take the visits that are left off the card and owe the holder what of the price no visit has earned.
    Keyed, and ``quoted``, as ``refund_card`` is. Locks: the card, the pass, the card's account."""
    moment = moment or timezone.now()
    card = Card.objects.locked().get(pk=held.card_id)
    if earlier := Refund.objects.filter(card=card, key=key).first():
        if (earlier.amount, earlier.visit_pass_id) != (quoted, held.pk):
            raise KeyReused
        return earlier
    if by and card.customer.user_id != by.pk and not _manages(card, by):
        raise NotYours
    held = locked_pass(held)
    if not (visits := held.left_at(moment)):
        raise NoVisitsLeft(balance=0, short=1)
    if held.unearned != quoted:
        raise QuoteChanged(amount=format_money(held.unearned, exact=True))
    _take_visits(held, card, visits, key, by, moment)
    quote = Quote(held.paid, 0, held.unearned, 0)
    held.unearned = 0
    held.save(update_fields=["unearned"])
    of_pass = {"visit_pass": held, "visits": visits}
    return _owe(card, quote, quote.left, why=why, key=key, by=by, moment=moment, **of_pass)


def _take_visits(
    held: VisitPass, card: Card, visits: int, key: UUID, by: User | None, moment: datetime
) -> None:
    asked = Posting(
        card=card,
        amount=-visits,
        kind=EntryKind.REFUNDED,
        key=key,
        moment=moment,
        by_id=by.pk if by else None,
        document="refund",
        first=held.lot.entry,
    )
    post(asked, ValueKind.VISITS)


def _manages(card: Card, by: User) -> bool:
    work = StaffMember.objects.current().filter(merchant=card.merchant_id, user=by).first()
    return work is not None and Role(work.role).covers(Role.MANAGER)


def _empty(card: Card, quote: Quote, key: UUID, by: User | None, moment: datetime) -> None:
    parts = {ValueKind.PRINCIPAL: quote.left_principal, ValueKind.BONUS: quote.left_bonus}
    for kind, left in parts.items():
        if not left:
            continue
        asked = Posting(
            card=card,
            amount=-left,
            kind=EntryKind.REFUNDED,
            key=key,
            moment=moment,
            by_id=by.pk if by else None,
            document="refund",
        )
        try:
            post(asked, kind)
        except NotEnough:
            raise PaymentUnderWay from None


def _owe(
    card: Card,
    quote: Quote,
    amount: int,
    *,
    why: Why,
    key: UUID,
    by: User | None,
    moment: datetime,
    **of_pass: Any,
) -> Refund:
    refund = Refund.objects.create(
        merchant_id=card.merchant_id,
        card=card,
        why=why,
        paid_in=quote.paid_in,
        bonus_in=quote.bonus_in,
        left_principal=quote.left_principal,
        left_bonus=quote.left_bonus,
        amount=amount,
        key=key,
        asked_by=by,
        asked_at=moment,
        **of_pass,
    )
    publish(
        RefundAsked(
            refund_id=refund.pk, card_id=card.pk, merchant_id=card.merchant_id, amount=amount, why=why
        )
    )
    return refund


@retry_on_deadlock
@transaction.atomic
def take_back_top_up(done: TopUp, *, by: User, key: UUID, moment: datetime | None = None) -> Refund:
    """The holder changes their mind within the cooling-off period: all that was paid in is owed back.

    Only while nothing of it was used; after that ``refund_card`` applies.
    """
    moment = moment or timezone.now()
    card = Card.objects.locked().get(pk=done.card_id)
    if card.customer.user_id != by.pk:
        raise NotYours
    done = TopUp.objects.locked().select_related("shop").get(pk=done.pk)
    if earlier := Refund.objects.filter(card=card, key=key).first():
        return earlier
    days = cooling_off_days(card)
    if not may_take_back(done, days, moment):
        raise CoolingOffIsOver(days=days)
    take_off(done, card, by=by, reason=str(Why.COOLING_OFF.label), key=key, moment=moment)
    quote = Quote(done.paid, done.bonus, done.paid, done.bonus)
    return _owe(card, quote, done.paid, why=Why.COOLING_OFF, key=key, by=by, moment=moment)


def cooling_off_days(card: Card) -> int:
    """What the merchant promises, and not less than the law asks."""
    terms = StoredValueTerms.objects.filter(programme=card.programme_id).first()
    return max(terms.cooling_off_days if terms else 0, profile().cooling_off_days)


def may_take_back(done: TopUp, days: int, moment: datetime) -> bool:
    """Until the end of the last day of the period, on the shop's calendar."""
    zone = ZoneInfo(done.shop.time_zone)
    last = done.made_at.astimezone(zone).date() + timedelta(days=days)
    return bool(days) and not done.undone_at and moment.astimezone(zone).date() <= last


@transaction.atomic
def pay_out(refund: Refund, *, by: User, how: str, moment: datetime | None = None) -> Refund:
    """Somebody of the shop has handed the money over. Said twice, it is written once."""
    refund = Refund.objects.locked().select_related("card__customer").get(pk=refund.pk)
    if refund.paid_at:
        return refund
    if refund.card.customer.is_person(by):
        raise OwnRefund
    if not _manages(refund.card, by):
        raise NotYours
    refund.paid_at, refund.paid_by, refund.paid_how = moment or timezone.now(), by, how[:60]
    refund.save(update_fields=["paid_at", "paid_by", "paid_how"])
    publish(
        RefundPaid(
            refund_id=refund.pk,
            card_id=refund.card_id,
            merchant_id=refund.merchant_id,
            amount=refund.amount,
        )
    )
    return refund
