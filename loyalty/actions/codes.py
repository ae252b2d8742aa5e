"""Phones that make a card's code: given a key, taken it away; and a shown code that pays points."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loyalty.actions.approvals import approved_at_once, judge_card
from loyalty.actions.pins import NotYourCard
from loyalty.cards import rotating
from loyalty.disagreeing import AskForSomething, OtherMerchant
from loyalty.events import CodeKeyMade
from loyalty.models import Approval, Card, CardKey, Programme, Proof, Safeguard, UsedCode, Value, Way
from merchants.models import Shop
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

MOST_PHONES = 5


class CodeIsOld(Refused):
    sentence = _("This code is no longer good. Ask the customer to open it again: it is new each minute.")


class CodeUsed(Refused):
    status = 409
    sentence = _("This code has paid already. A new one is there within a minute.")


class PinNeeded(Refused):
    sentence = _("Here the customer's PIN is needed to pay.")


@transaction.atomic
def give_key(card: Card, *, device: str, by: User, moment: datetime) -> CardKey:
    """A new key for a phone of the holder's. Beyond five phones the oldest loses its own. Locks the card."""
    rows = Card.objects.select_related("customer").select_for_update(of=("self",), no_key=True)
    card = rows.get(pk=card.pk)
    if card.customer.user_id != by.pk:
        raise NotYourCard
    live = list(CardKey.objects.of(card).live())
    for old in live[MOST_PHONES - 1 :]:
        _revoke(old, moment)
    key = CardKey.objects.create(
        merchant_id=card.merchant_id,
        card=card,
        device=device[:40],
        secret=rotating.new_secret(),
        made_at=moment,
    )
    if live:
        publish(CodeKeyMade(card_id=card.pk, merchant_id=card.merchant_id, key_id=key.pk, device=key.device))
    return key


@transaction.atomic
def revoke_key(key: CardKey, *, by: User, moment: datetime) -> None:
    """The phone's codes are good for nothing from now on. Done twice, it is done once."""
    if key.card.customer.user_id != by.pk:
        raise NotYourCard
    if key.revoked_at is None:
        _revoke(key, moment)


@transaction.atomic
def revoke_keys(card: Card, *, moment: datetime) -> int:
    """All of a card's: it was replaced, or its phone is lost."""
    return CardKey.objects.of(card).live().update(revoked_at=moment)


def _revoke(key: CardKey, moment: datetime) -> None:
    key.revoked_at = moment
    key.save(update_fields=["revoked_at"])


def shown_by(card: Card, proof: str, *, moment: datetime) -> tuple[CardKey, int] | None:
    """The phone that shows this code, and its minute; None when no phone of the card shows it now."""
    for key in CardKey.objects.of(card).live():
        minute = rotating.minute_shown(key.secret, card.token, proof, moment)
        if minute is not None:
            return key, minute
    return None


def points_need(programme: Programme) -> Proof:
    """What the merchant asks of a holder before points are spent."""
    guard = Safeguard.objects.filter(programme=programme).first()
    return Proof(guard.points_need) if guard else Proof.CODE


@transaction.atomic
def set_safeguard(programme: Programme, need: Proof, *, by: User) -> Safeguard:
    guard, _made = Safeguard.objects.update_or_create(
        programme=programme,
        defaults={"points_need": need, "set_by": by},
    )
    return guard


@transaction.atomic
def approve_by_code(
    card: Card, proof: str, points: int, *, key: UUID, shop: Shop, by: User, moment: datetime
) -> Approval:
    """The code on the holder's phone agrees to spend points; money always takes the PIN.

    ``proof``: the eight characters that were scanned behind the card's token. ``key`` is the sale's; with it
    the same approval comes back. Raises Refused for an old code, a used one, and where the PIN is asked for.
    """
    if shop.merchant_id != card.merchant_id:
        raise OtherMerchant
    if earlier := Approval.objects.filter(card=card, key=key).first():
        if (earlier.amount, earlier.way) != (points, Way.CODE):
            raise KeyReused
        return earlier
    judge_card(card, by)
    if points <= 0:
        raise AskForSomething
    if points_need(card.programme) == Proof.PIN:
        raise PinNeeded
    if (shown := shown_by(card, proof, moment=moment)) is None:
        raise CodeIsOld
    _use_up(*shown, key=key, moment=moment)
    return approved_at_once(card, points, Value.POINTS, Way.CODE, key=key, shop=shop, by=by, moment=moment)


def _use_up(phone: CardKey, minute: int, *, key: UUID, moment: datetime) -> None:
    """One row for each minute of a phone; the unique constraint is what refuses the second use."""
    used, made = UsedCode.objects.get_or_create(
        card_key=phone,
        minute=minute,
        defaults={"merchant_id": phone.merchant_id, "key": key, "used_at": moment},
    )
    if not made and used.key != key:
        raise CodeUsed
    phone.seen_at = moment
    phone.save(update_fields=["seen_at"])
