"""Stamps for visits or items, and the free one that a full card gives."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.models import (
    Card,
    CardState,
    Programme,
    RewardVoucher,
    Stamp,
    StampBasis,
    StampCard,
    StampScheme,
    VoucherState,
)
from loyalty.terms import Bought, Terms
from loyalty.value.expiry import expiry_of
from loyalty.value.ledger import CardNotActive
from merchants.models import Merchant, Service, Shop
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

MOST_AT_ONCE = 20
CHANGEABLE = ("name", "name_en", "gift", "gift_en", "needed", "basis", "services", "months", "days", "is_on")


class FreeOneUsed(Refused):
    status = 409
    sentence = _("The free one of this stamp card has been used already, so the stamps can't be taken back.")


class StampsGone(Refused):
    status = 409
    sentence = _("These stamps have lapsed or were used; they can't be taken back.")


class NotRunning(Refused):
    sentence = _("This stamp card isn't running any more.")


class OwnStamps(Refused):
    sentence = _("Nobody stamps a card of their own. Ask a colleague.")


class ForeignService(Refused):
    sentence = _("One of these services isn't on your price list any more. Choose again.")


@transaction.atomic
def run_stamp_scheme(programme: Programme, *, by: User, key: UUID, **terms: Any) -> StampScheme:
    """Start a stamp card; the same key starts it once."""
    _ours(programme, terms.get("services", []))
    defaults = {"merchant_id": programme.merchant_id} | terms
    scheme, made = StampScheme.objects.get_or_create(programme=programme, key=key, defaults=defaults)
    if not made and scheme.name != terms["name"]:
        raise KeyReused
    return scheme


@transaction.atomic
def change_stamp_scheme(scheme: StampScheme, *, by: User, **changes: Any) -> StampScheme:
    """New terms for what is stamped from now on; free ones already earned stay as they are."""
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"a stamp card has no {sorted(unknown)}")
    _ours(scheme.programme, changes.get("services", []))
    for field, value in changes.items():
        setattr(scheme, field, value)
    scheme.save(update_fields=list(changes))
    return scheme


def _ours(programme: Programme, services: Sequence[int]) -> None:
    if Service.objects.filter(shop__merchant=programme.merchant_id, pk__in=services).count() != len(
        set(services)
    ):
        raise ForeignService


@retry_on_deadlock
@transaction.atomic
def stamp(
    card: Card,
    scheme: StampScheme,
    count: int,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    moment: datetime | None = None,
) -> StampCard:
    """So many stamps; every full card becomes a voucher at once. Keyed as ``earn`` is."""
    moment = moment or timezone.now()
    if not scheme.is_on or scheme.programme_id != card.programme_id or not 0 < count <= MOST_AT_ONCE:
        raise NotRunning
    if card.customer.is_person(by):
        raise OwnStamps
    if card.state != CardState.ACTIVE:
        raise CardNotActive
    held = _locked(card, scheme)
    if earlier := Stamp.objects.filter(stamp_card=held, key=key).first():
        if earlier.count != count:
            raise KeyReused
        return held
    facts = {"merchant_id": card.merchant_id, "stamp_card": held, "at": moment}
    if held.held and lapsed(held, scheme, moment):
        Stamp.objects.create(count=-held.held, lapsed=True, key=uuid4(), **facts)
        held.held = 0
    Stamp.objects.create(count=count, key=key, shop=shop, by=by, **facts)
    held.held, held.last_at = held.held + count, moment
    _turn_full(held, card, scheme, key, moment)
    held.save(update_fields=["held", "last_at"])
    return held


def _turn_full(held: StampCard, card: Card, scheme: StampScheme, key: UUID, moment: datetime) -> None:
    """Every full card becomes a voucher."""
    turn = 0
    while held.held >= scheme.needed:
        turn += 1
        held.held -= scheme.needed
        _give_free_one(held, card, scheme, free_key(key, scheme, turn), moment)


def lapsed(held: StampCard, scheme: StampScheme, moment: datetime) -> bool:
    """Stamps lapse together, so many months after the last one; ``held`` came ``with_zone``."""
    ends = expiry_of(held.last_at, scheme.months, held.zone) if held.last_at else None
    return ends is not None and ends <= moment


def free_key(key: UUID, scheme: StampScheme, turn: int) -> UUID:
    return uuid5(key, f"free {scheme.pk} {turn}")


def _locked(card: Card, scheme: StampScheme) -> StampCard:
    StampCard.objects.bulk_create(
        [StampCard(merchant_id=card.merchant_id, card=card, scheme=scheme)], ignore_conflicts=True
    )
    rows = StampCard.objects.with_zone().select_for_update(of=("self",), no_key=True)
    return rows.get(card=card, scheme=scheme)


def _give_free_one(held: StampCard, card: Card, scheme: StampScheme, key: UUID, moment: datetime) -> None:
    RewardVoucher.objects.create(
        merchant_id=card.merchant_id,
        card=card,
        scheme_id=scheme.pk,
        stamp_card=held,
        stamps=scheme.needed,
        name=scheme.gift,
        name_en=scheme.gift_en,
        token=new_code(),
        key=key,
        issued_at=moment,
        valid_until=moment + timedelta(days=scheme.days),
    )


def stamp_sale(
    card: Card, terms: Terms, lines: Sequence[Bought], *, key: UUID, shop: Shop, by: User, moment: datetime
) -> None:
    """What a sale stamps by itself. A scheme for certain services counts only lines that name them."""
    for known in terms.facts["stamps"]:
        counting = [line for line in lines if not known["services"] or line.service_id in known["services"]]
        count = (
            sum(line.quantity for line in counting) if known["basis"] == StampBasis.ITEM else bool(counting)
        )
        if count:
            scheme = StampScheme(**known, is_on=True, programme_id=card.programme_id)
            stamp(card, scheme, min(int(count), MOST_AT_ONCE), key=key, shop=shop, by=by, moment=moment)


@transaction.atomic
def unstamp(merchant: Merchant, *, key: UUID, by: User, moment: datetime) -> None:
    """Take back what was stamped under this key, in all schemes; a free one that hung on it goes, too."""
    stamps = Stamp.objects.filter(merchant=merchant, key=key, reversed_by=None).select_related(
        "stamp_card__scheme"
    )
    for given in stamps.order_by("stamp_card"):
        _take_back(given, by, moment)


def _take_back(given: Stamp, by: User, moment: datetime) -> None:
    held = StampCard.objects.select_for_update(no_key=True).get(pk=given.stamp_card_id)
    scheme = given.stamp_card.scheme
    keys = [free_key(given.key, scheme, turn) for turn in range(1, MOST_AT_ONCE + 1)]
    free = list(RewardVoucher.objects.locked().filter(stamp_card=held, key__in=keys))
    if any(voucher.state == VoucherState.USED for voucher in free):
        raise FreeOneUsed
    held.held += sum(voucher.stamps for voucher in free) - given.count
    if held.held < 0:
        raise StampsGone
    RewardVoucher.objects.filter(pk__in=[voucher.pk for voucher in free]).update(state=VoucherState.RETURNED)
    Stamp.objects.create(
        merchant_id=given.merchant_id,
        stamp_card=held,
        count=-given.count,
        key=uuid4(),
        reverses=given,
        shop_id=given.shop_id,
        by=by,
        at=moment,
    )
    held.save(update_fields=["held"])


@transaction.atomic
def carry_stamps(old: Card, new: Card, *, key: UUID, by: User, moment: datetime) -> None:
    """Two cards of one member become one: what is held towards a free one is put onto the card that stays."""
    for held in (
        StampCard.objects.with_zone().filter(card=old, held__gt=0).select_related("scheme").order_by("pk")
    ):
        count, scheme = held.held, held.scheme
        facts: dict[str, Any] = {"merchant_id": old.merchant_id, "at": moment}
        if not lapsed(held, scheme, moment):
            there = _locked(new, scheme)
            Stamp.objects.create(
                stamp_card=there, count=count, key=uuid5(key, str(scheme.pk)), by=by, **facts
            )
            there.held, there.last_at = there.held + count, max(filter(None, (there.last_at, held.last_at)))
            _turn_full(there, new, scheme, key, moment)
            there.save(update_fields=["held", "last_at"])
        Stamp.objects.create(stamp_card=held, count=-count, lapsed=True, key=uuid4(), **facts)
        StampCard.objects.filter(pk=held.pk).update(held=0)
