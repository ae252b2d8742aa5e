"""Visit passes: sold, used a visit or several at a time, undone while it is a slip."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.approvals import consume_approval, judge_card
from loyalty.actions.caps import judge_card_cap, judge_together, judge_together_in_turn
from loyalty.actions.pass_refusals import (
    MovedSince,
    NotHere,
    NotSold,
    OnlyAtTheCounter,
    OtherPromise,
    PinNeeded,
    TooFewVisits,
    VisitsUsed,
)
from loyalty.actions.stored_value import OtherMerchant, ShopIsClosing
from loyalty.events import PassSold, PassUndone, VisitUsed
from loyalty.models import (
    Approval,
    Card,
    Entry,
    EntryKind,
    Lot,
    PassOffer,
    PassVisit,
    StoredValueTerms,
    Value,
    ValueKind,
    VisitPass,
)
from loyalty.value.expiry import expiry_of
from loyalty.value.ledger import AlreadySpent, NotEnough, NoVisitsLeft, Posting, post
from loyalty.value.prepaid import profile
from merchants.models import Shop
from merchants.undoing import judge_undo
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused


@retry_on_deadlock
@transaction.atomic
def sell_pass(
    card: Card,
    offer: PassOffer,
    *,
    key: UUID,
    shop: Shop,
    by: User | None,
    promise: dict[str, Any] | None = None,
    moment: datetime | None = None,
) -> VisitPass:
    """Credit the visits; their price is owed in visits until they are used. Keyed as ``earn`` is.

    ``by``: the cashier who took the money; nobody for a payment that came online, whose payer was shown the
    ``promise``: another one now is refused.
    Locks: the card; where a limit holds for all cards together, the terms; then the card's account.
    """
    moment = moment or timezone.now()
    card = Card.objects.locked().get(pk=card.pk)
    if earlier := VisitPass.objects.of(card.merchant).filter(key=key).first():
        if (earlier.card_id, earlier.offer_id) != (card.pk, offer.pk):
            raise KeyReused
        return earlier
    if promise is not None and promise != offer.promise:
        raise OtherPromise
    terms = _judge_sale(card, offer, shop, by)
    if terms:
        judge_together_in_turn(card, terms, offer.price)
    return _write(card, offer, key, shop, by, moment)


def check_online_sale(card: Card, offer: PassOffer, *, shop: Shop) -> None:
    """Before anybody is asked to pay. Raises Refused where it couldn't be sold."""
    terms = _judge_sale(card, offer, shop, None)
    if not offer.sold_online:
        raise OnlyAtTheCounter
    if terms:
        judge_together(card, terms, offer.price)


def _judge_sale(card: Card, offer: PassOffer, shop: Shop, by: User | None) -> StoredValueTerms | None:
    if shop.merchant_id != card.merchant_id:
        raise OtherMerchant
    judge_card(card, by)
    if not offer.is_on or offer.programme_id != card.programme_id:
        raise NotSold
    terms = StoredValueTerms.objects.filter(programme=card.programme_id).first()
    if terms and terms.closing_on:
        raise ShopIsClosing
    judge_card_cap(card, terms or StoredValueTerms(programme_id=card.programme_id), offer.price)
    return terms


def _write(
    card: Card, offer: PassOffer, key: UUID, shop: Shop, by: User | None, moment: datetime
) -> VisitPass:
    token = new_code(16)
    sold = VisitPass(
        merchant_id=card.merchant_id,
        card=card,
        offer=offer,
        name=offer.name,
        name_en=offer.name_en,
        visits=offer.visits,
        paid=offer.price,
        unearned=offer.price,
        services=offer.services,
        shops=offer.shops,
        token=token,
        key=key,
        shop=shop,
        by=by,
        sold_at=moment,
    )
    facts: dict[str, Any] = {"key": key, "shop_id": shop.pk, "by_id": by and by.pk, "document": sold.document}
    until = expiry_of(moment, offer.months, shop.time_zone) if profile().named_money_expires else None
    bought = Posting(
        card=card, amount=offer.visits, kind=EntryKind.BOUGHT, moment=moment, expires_at=until, **facts
    )
    sold.lot = Entry.objects.select_related("lot").get(pk=post(bought, ValueKind.VISITS).pk).lot
    sold.save()
    publish(PassSold(pass_id=sold.pk, card_id=card.pk, merchant_id=card.merchant_id, visits=sold.visits))
    return sold


@retry_on_deadlock
@transaction.atomic
def use_visit(
    held: VisitPass,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    visits: int = 1,
    approval: Approval | None = None,
    document: str = "",
    moment: datetime | None = None,
) -> PassVisit:
    """Take a visit off the pass, or several at once in one entry. Keyed as ``earn`` is; ``approval``: what
    the holder agreed to, where the pass asks for it. Locks: the approval, the pass, the card's account."""
    moment = moment or timezone.now()
    if held.offer.needs_pin:
        _agreed(held, approval, visits, key=key, shop=shop, by=by, moment=moment)
    held = locked_pass(held)
    if earlier := PassVisit.objects.filter(entry__account__card=held.card_id, entry__key=key).first():
        if (earlier.visit_pass_id, earlier.visits) != (held.pk, visits):
            raise KeyReused
        return earlier
    _judge_use(held, visits, shop, by)
    facts: dict[str, Any] = {"key": key, "moment": moment, "shop_id": shop.pk, "by_id": by.pk}
    facts |= {"document": document or held.document, "note": held.name, "first": held.lot.entry}
    entry = post(Posting(card=held.card, amount=-visits, kind=EntryKind.SPENT, **facts), ValueKind.VISITS)
    used = PassVisit.objects.create(
        merchant_id=held.merchant_id,
        visit_pass=held,
        entry=entry,
        visits=visits,
        worth=held.worth_of(visits),
    )
    held.unearned -= used.worth
    held.save(update_fields=["unearned"])
    _tell(used, held)
    return used


def _tell(used: PassVisit, held: VisitPass) -> None:
    publish(
        VisitUsed(
            visit_id=used.pk,
            card_id=held.card_id,
            merchant_id=held.merchant_id,
            pass_id=held.pk,
            left=held.lot.remaining - used.visits,
            visits=used.visits,
        )
    )


def locked_pass(one: VisitPass) -> VisitPass:
    """The pass, locked; its lot is read after the lock was got, by a question of its own."""
    held = VisitPass.objects.locked().select_related("card__customer", "offer", "shop").get(pk=one.pk)
    held.lot = Lot.objects.select_related("entry__account").get(pk=held.lot_id)
    return held


def _agreed(
    held: VisitPass,
    approval: Approval | None,
    visits: int,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    moment: datetime,
) -> None:
    if approval is None or (approval.card_id, approval.value) != (held.card_id, Value.VISITS):
        raise PinNeeded
    consume_approval(approval, visits, key=key, shop=shop, by=by, moment=moment)


def _judge_use(held: VisitPass, visits: int, shop: Shop, by: User) -> None:
    if shop.merchant_id != held.merchant_id:
        raise OtherMerchant
    judge_card(held.card, by)
    if held.shops and shop.pk not in held.shops:
        raise NotHere
    if held.undone_at or not held.lot.remaining:
        raise NoVisitsLeft
    if visits > held.lot.remaining:
        raise TooFewVisits(balance=held.lot.remaining, short=visits - held.lot.remaining)
    if visits < 1:
        raise Refused(_("Say how many visits, one at least."))


@retry_on_deadlock
@transaction.atomic
def give_visit_back(
    used: PassVisit, *, key: UUID, by: User, note: str = "", moment: datetime | None = None
) -> VisitPass:
    """What was written down by mistake goes back onto its pass, whole, with the days it had."""
    held = VisitPass.objects.locked().select_related("card").get(pk=used.visit_pass_id)
    entry = Entry.objects.select_related("account").get(pk=used.entry_id)
    if entry.account.card_id != held.card_id:
        raise MovedSince
    done = _counter(held.card, entry, key=key, by=by, note=note, moment=moment or timezone.now())
    if done:
        held.unearned += used.worth
        held.save(update_fields=["unearned"])
    return held


def _counter(card: Card, entry: Entry, *, key: UUID, by: User, note: str, moment: datetime) -> bool:
    """False when the same request did it before."""
    if Entry.objects.filter(account=entry.account_id, key=key).exists():
        return False
    countering = Posting.counter(entry, card, key=key, by_id=by.pk, note=note, moment=moment)
    post(countering, ValueKind.VISITS)
    return True


@retry_on_deadlock
@transaction.atomic
def undo_pass(
    sold: VisitPass, *, by: User, reason: str, key: UUID, moment: datetime | None = None
) -> VisitPass:
    """A slip at the counter: the money goes back, the visits leave the card. Undoing twice is once."""
    moment = moment or timezone.now()
    card = Card.objects.locked().get(pk=sold.card_id)
    sold = locked_pass(sold)
    if sold.undone_at:
        return sold
    judge_undo(sold.shop, made_by=sold.by_id, made_at=sold.sold_at, by=by, moment=moment)
    judge_card(card, by)
    if sold.lot.remaining != sold.visits or sold.lot.entry.kind != EntryKind.BOUGHT:
        raise VisitsUsed
    try:
        _counter(card, sold.lot.entry, key=key, by=by, note=reason, moment=moment)
    except (NotEnough, AlreadySpent):
        raise VisitsUsed from None
    sold.unearned, sold.undone_at, sold.undone_by, sold.undo_reason = 0, moment, by, reason[:120]
    sold.save(update_fields=["unearned", "undone_at", "undone_by", "undo_reason"])
    publish(PassUndone(pass_id=sold.pk, card_id=card.pk, merchant_id=card.merchant_id))
    return sold


def carry_pass(was: Lot, there: Entry, card: Card) -> None:
    """Two cards become one: the pass goes with its visits; one without any stays where it was used."""
    lot = Lot.objects.get(entry=there.pk)
    VisitPass.objects.filter(lot=was).update(lot=lot, card=card)
