"""Money onto a card and off it again: the terms, top-ups, payments."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.caps import judge_card_cap, judge_together, judge_together_in_turn
from loyalty.events import ToppedUp, TopUpUndone
from loyalty.models import (
    BonusTier,
    Card,
    CardState,
    Channel,
    Entry,
    EntryKind,
    Programme,
    StoredValueTerms,
    TopUp,
    ValueKind,
)
from loyalty.value.expiry import expiry_of
from loyalty.value.ledger import AlreadySpent, CardNotActive, NotEnough, Posting, post
from loyalty.value.prepaid import profile
from merchants.models import Shop
from merchants.undoing import judge_undo
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

CHANGEABLE = (
    "is_on",
    "spends",
    "most_on_card",
    "most_owed",
    "revenue",
    "bonus_expires_months",
    "cooling_off_days",
)


class NoTopUps(Refused):
    sentence = _("This card takes no money at the moment.")


class ShopIsClosing(Refused):
    sentence = _("This shop is closing: its cards take no more money.")


class OwnTopUp(Refused):
    sentence = _("Nobody tops up a card of their own at the counter. Ask a colleague.")


class OtherMerchant(Refused):
    sentence = _("This card belongs to another merchant.")


class UsedSince(Refused):
    status = 409
    sentence = _("Of this top-up something was used already. Refund the card instead.")


@transaction.atomic
def offer_stored_value(
    programme: Programme, *, by: User, tiers: Iterable[tuple[int, int]] | None = None, **changes: Any
) -> StoredValueTerms:
    """Set the terms from now on; what lies on cards keeps the terms it came with.

    ``tiers``: pairs of paid in and bonus, in minor units, in place of those there were.
    """
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"stored-value terms have no {sorted(unknown)}")
    terms, _made = StoredValueTerms.objects.select_for_update(no_key=True).get_or_create(programme=programme)
    for field, value in changes.items():
        setattr(terms, field, value)
    terms.save(update_fields=list(changes))
    if tiers is not None:
        _set_tiers(terms, dict(tiers))
    return terms


def _set_tiers(terms: StoredValueTerms, wanted: dict[int, int]) -> None:
    """What stays the same stays untouched: the audit shows what was changed, and nothing else."""
    for tier in terms.tiers.all():
        if wanted.get(tier.pays) == tier.gets:
            del wanted[tier.pays]
        else:
            tier.delete()
    BonusTier.objects.bulk_create(
        BonusTier(terms=terms, pays=pays, gets=gets) for pays, gets in wanted.items()
    )


def bonus_for(terms: StoredValueTerms, paid: int) -> int:
    """The bonus of the highest tier that is reached, once."""
    reached = [tier.gets for tier in terms.tiers.all() if tier.pays <= paid]
    return reached[-1] if reached else 0


@retry_on_deadlock
@transaction.atomic
def top_up(
    card: Card,
    paid: int,
    *,
    key: UUID,
    shop: Shop,
    by: User | None,
    channel: Channel = Channel.COUNTER,
    moment: datetime | None = None,
) -> TopUp:
    """Credit what was paid in, and its bonus beside it. Keyed as ``earn`` is.

    ``by``: the cashier who took the money; nobody for a payment that came online.
    Locks: the card; where a limit holds for all cards together, the terms; then the card's accounts.
    """
    moment = moment or timezone.now()
    card = Card.objects.locked().get(pk=card.pk)
    if earlier := TopUp.objects.filter(card=card, key=key).first():
        if earlier.paid != paid:
            raise KeyReused
        return earlier
    terms = _terms_of(card)
    bonus = _judge(card, terms, paid, shop, by)
    if terms:
        judge_together_in_turn(card, terms, paid + bonus)
    facts: dict[str, Any] = {"key": key, "moment": moment, "shop_id": shop.pk, "by_id": by and by.pk}
    until = expiry_of(moment, terms.bonus_expires_months, shop.time_zone) if terms else None
    return _write(card, paid, bonus, until, facts, channel)


def check_top_up(card: Card, paid: int, *, shop: Shop) -> int:
    """The bonus that would come, before anybody is asked to pay. Raises Refused where it couldn't be."""
    terms = _terms_of(card)
    bonus = _judge(card, terms, paid, shop, None)
    judge_together(card, terms, paid + bonus)  # type: ignore[arg-type]
    return bonus


def _terms_of(card: Card) -> StoredValueTerms | None:
    return StoredValueTerms.objects.prefetch_related("tiers").filter(programme=card.programme_id).first()


def _judge(card: Card, terms: StoredValueTerms | None, paid: int, shop: Shop, by: User | None) -> int:
    if shop.merchant_id != card.merchant_id:
        raise OtherMerchant
    if card.state != CardState.ACTIVE:
        raise CardNotActive
    if terms and terms.closing_on:
        raise ShopIsClosing
    if terms is None or not terms.is_on:
        raise NoTopUps
    if by and card.customer.is_person(by):
        raise OwnTopUp
    if paid <= 0:
        raise Refused(_("Enter how much was paid in, more than nothing."))
    bonus = bonus_for(terms, paid)
    judge_card_cap(card, terms, paid + bonus)
    return bonus


def _write(
    card: Card, paid: int, bonus: int, until: datetime | None, facts: dict[str, Any], channel: Channel
) -> TopUp:
    token, moment = new_code(16), facts["moment"]
    facts |= {"card": card, "document": f"top-up:{token}"}
    principal = post(Posting(amount=paid, kind=EntryKind.TOPPED_UP, **facts), ValueKind.PRINCIPAL)
    extra = None
    if bonus:
        ends = until if profile().named_money_expires else None
        granted = Posting(amount=bonus, kind=EntryKind.GRANTED, expires_at=ends, **facts)
        extra = post(granted, ValueKind.BONUS)
    done = TopUp.objects.create(
        merchant_id=card.merchant_id,
        card=card,
        shop_id=facts["shop_id"],
        token=token,
        paid=paid,
        bonus=bonus,
        channel=channel,
        principal_entry=principal,
        bonus_entry=extra,
        key=facts["key"],
        by_id=facts["by_id"],
        made_at=moment,
    )
    publish(
        ToppedUp(
            top_up_id=done.pk,
            card_id=card.pk,
            merchant_id=card.merchant_id,
            shop_id=done.shop_id,
            paid=paid,
            bonus=bonus,
            channel=channel,
            made_at=moment.isoformat(),
        )
    )
    return done


@retry_on_deadlock
@transaction.atomic
def undo_top_up(done: TopUp, *, by: User, reason: str, key: UUID, moment: datetime | None = None) -> TopUp:
    """A slip at the counter: the cash goes back, both entries are countered. Undoing twice is once."""
    moment = moment or timezone.now()
    card = Card.objects.locked().get(pk=done.card_id)
    done = TopUp.objects.locked().select_related("shop").get(pk=done.pk)
    if done.undone_at:
        return done
    judge_undo(done.shop, made_by=done.by_id, made_at=done.made_at, by=by, moment=moment)
    if card.customer.is_person(by):
        raise OwnTopUp
    return take_off(done, card, by=by, reason=reason, key=key, moment=moment)


def take_off(done: TopUp, card: Card, *, by: User, reason: str, key: UUID, moment: datetime) -> TopUp:
    """Counter a top-up whose value is still there, whole; the caller holds the card and has judged."""
    for entry in filter(None, (done.principal_entry, done.bonus_entry)):
        lot = entry.lot
        if lot.remaining != lot.amount:
            raise UsedSince
        _counter(entry, card, by=by, reason=reason, key=key, moment=moment)
    done.undone_at, done.undone_by, done.undo_reason = moment, by, reason[:120]
    done.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    publish(
        TopUpUndone(
            top_up_id=done.pk,
            card_id=card.pk,
            merchant_id=card.merchant_id,
            paid=done.paid,
            undone_at=moment.isoformat(),
        )
    )
    return done


def _counter(entry: Entry, card: Card, *, by: User, reason: str, key: UUID, moment: datetime) -> None:
    countering = Posting.counter(entry, card, key=key, by_id=by.pk, note=reason, moment=moment)
    try:
        post(countering, ValueKind(entry.account.kind))
    except (NotEnough, AlreadySpent):
        raise UsedSince from None
