"""What happens to a card in its life: frozen when it is lost, released, replaced, put right by hand."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Abs
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.cards import free_number
from loyalty.actions.codes import revoke_keys
from loyalty.events import CardFrozen, CardReplaced, PointsAdjusted
from loyalty.models import Card, CardState, Entry, EntryKind, RetiredCode
from loyalty.value.expiry import expiry_of
from loyalty.value.ledger import Posting, post
from merchants.models import Role, StaffMember
from portal.kernel.codes import issue_code, new_code, retire_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


class NotFrozenByYou(Refused):
    sentence = _("The shop froze this card. Ask at its counter what to do.")


class CardClosed(Refused):
    sentence = _("This card is closed for good.")


class OwnCard(Refused):
    sentence = _("Nobody changes the points of a card of their own. Ask a colleague.")


class NoReason(Refused):
    sentence = _("Say why, in a few words: the customer reads it.")


class NothingToAdjust(Refused):
    sentence = _("Enter how many points, more or fewer than there are.")


class BeyondYourLimit(Refused):
    sentence = _("Managers may adjust %(limit)d points a day, and you have %(left)d left. Ask the owner.")


class NotYourDecision(Refused):
    sentence = _("Only owners and managers adjust points.")


@transaction.atomic
def freeze(card: Card, *, by: User, because: str = "") -> Card:
    """Nothing is earned or spent until it is released; what it holds stays. Freezing twice freezes once."""
    card = Card.objects.locked().get(pk=card.pk)
    if card.state == CardState.ACTIVE:
        card.state, card.frozen_by, card.frozen_because = CardState.FROZEN, by, because
        card.save(update_fields=["state", "frozen_by", "frozen_because"])
        publish(
            CardFrozen(
                card_id=card.pk, merchant_id=card.merchant_id, by_id=by.pk, on=timezone.now().isoformat()
            )
        )
    return card


@transaction.atomic
def release(card: Card, *, by: User) -> Card:
    """The merchant's people release any card of theirs, its holder only one that they froze themselves."""
    card = Card.objects.locked().get(pk=card.pk)
    if card.state != CardState.FROZEN:
        return card
    if card.customer.user_id == by.pk and card.frozen_by_id != by.pk:
        raise NotFrozenByYou
    card.state, card.frozen_by, card.frozen_because = CardState.ACTIVE, None, ""
    card.save(update_fields=["state", "frozen_by", "frozen_because"])
    return card


@transaction.atomic
def replace(card: Card, *, by: User, instead_of: str) -> Card:
    """A new number and code for the same card; what it holds stays. Old ones and old phones are worthless.

    ``instead_of`` is the number that was seen when this was asked for: asked twice, it is done once.
    """
    card = Card.objects.locked().get(pk=card.pk)
    if card.number != instead_of:
        return card
    if card.state == CardState.CLOSED:
        raise CardClosed
    old = RetiredCode(merchant_id=card.merchant_id, card=card, number=card.number, token=card.token, by=by)
    old.save()
    retire_code(card.token)
    card.number, card.token = free_number(), new_code()
    card.state, card.frozen_by, card.frozen_because = CardState.ACTIVE, None, ""
    card.save(update_fields=["number", "token", "state", "frozen_by", "frozen_because"])
    issue_code("card", card.pk, token=card.token)
    revoke_keys(card, moment=timezone.now())
    publish(CardReplaced(card_id=card.pk, merchant_id=card.merchant_id, old_number=old.number))
    return card


@retry_on_deadlock
@transaction.atomic
def adjust(
    card: Card, points: int, *, reason: str, key: UUID, by: User, moment: datetime | None = None
) -> Entry:
    """Put right by hand: more points or fewer, with a reason that the holder reads.

    Owners adjust what they must, managers up to ``MANAGER_ADJUSTS_A_DAY`` points in 24 hours, nobody
    a card of their own. Keyed as ``earn`` is.
    """
    moment = moment or timezone.now()
    role = _role_held(card, by)
    if earlier := Entry.objects.filter(account__card=card, key=key).first():
        return earlier.same_or_refuse(points)
    _judge(card, points, reason, by)
    if role == Role.MANAGER:
        _stay_within_limit(card, points, by, moment)
    entry = post(
        Posting(
            card=card,
            amount=points,
            kind=EntryKind.ADJUSTED,
            key=key,
            moment=moment,
            by_id=by.pk,
            note=reason,
            expires_at=_expiry(card, moment) if points > 0 else None,
        )
    )
    _tell_adjusted(card, entry)
    return entry


def _expiry(card: Card, moment: datetime) -> datetime | None:
    """No shop is named: the merchant's calendar counts."""
    months = card.programme.points_expire_months
    return expiry_of(moment, months, card.merchant.zone) if months else None


def _tell_adjusted(card: Card, entry: Entry) -> None:
    publish(
        PointsAdjusted(
            card_id=card.pk,
            merchant_id=card.merchant_id,
            entry_id=entry.pk,
            points=entry.amount,
            reason=entry.note,
        )
    )


def _role_held(card: Card, by: User) -> Role:
    """Locks the person's work, so that two tabs can't each use up what is left of the day's limit."""
    work = StaffMember.objects.current().filter(merchant=card.merchant_id, user=by)
    held = work.select_for_update(no_key=True).first()
    if held is None or not Role(held.role).covers(Role.MANAGER):
        raise NotYourDecision
    return Role(held.role)


def _judge(card: Card, points: int, reason: str, by: User) -> None:
    if card.customer.is_person(by):
        raise OwnCard
    if not points:
        raise NothingToAdjust
    if not reason.strip():
        raise NoReason


def _stay_within_limit(card: Card, points: int, by: User, moment: datetime) -> None:
    today = Entry.objects.filter(
        merchant=card.merchant_id,
        by=by,
        kind=EntryKind.ADJUSTED,
        created_at__gt=moment - timedelta(days=1),
    )
    used = today.aggregate(sum=Sum(Abs("amount")))["sum"] or 0
    limit = settings.MANAGER_ADJUSTS_A_DAY
    if used + abs(points) > limit:
        raise BeyondYourLimit(limit=limit, left=max(0, limit - used))
