"""Printed cards: made in batches, printed by the platform when asked, linked to somebody, revoked."""

import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.cards import free_numbers, join
from loyalty.actions.wallets import keep_fresh
from loyalty.events import MediumLinked, MediumRevoked, PrintOrderMoved
from loyalty.models import (
    MOST_IN_BATCH,
    Card,
    CardMedium,
    CardState,
    MediumKind,
    MediumState,
    PrintBatch,
    PrintOrder,
    Programme,
)
from merchants.actions import find_or_enrol_customer
from merchants.actions.print_orders import move_print_order
from merchants.models import Merchant
from merchants.models.print_order import OrderState
from portal.kernel.codes import issue_codes, new_code, retire_code
from portal.kernel.events import publish
from portal.kernel.limits import Limit, take
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

MOST_BLANK = 5000  # printed cards of one merchant that are nobody's yet
TYPED = Limit("codes of printed cards typed", most=10, seconds=3600)


class WrongQuantity(Refused):
    sentence = _("Between 1 and %(most)d cards at a time.")


class TooManyBlank(Refused):
    sentence = _("You have %(blank)d printed cards that are nobody’s yet. Give those out first.")


class NoMembershipYet(Refused):
    sentence = _("Design the member card first, then print it.")


class Revoked(Refused):
    sentence = _("This printed card was revoked and works nowhere. The member card itself is still good.")


class SomebodyElses(Refused):
    sentence = _("This printed card belongs to another member already.")


class NotThisCard(Refused):
    """The same answer for a wrong number, a wrong code and a card that is gone: guessing learns nothing."""

    sentence = _("Number and code don’t belong together. Check both on the back of the card.")


class TypedTooOften(Refused):
    sentence = _("Too many wrong codes. Wait an hour, or ask at the shop’s counter.")


class UnknownPrintedCard(Refused):
    sentence = _("No printed card of this shop has this number.")


class UnknownMemberCard(Refused):
    sentence = _("No member card of this shop has this number.")


class NotLinkable(Refused):
    sentence = _("This member card is closed; nothing can be linked to it.")


@transaction.atomic
def make_batch(merchant: Merchant, quantity: int, *, key: UUID, by: User) -> PrintBatch:
    """So many new numbers, nobody's yet. ``key`` names the request: sent twice, they are made once."""
    if not 1 <= quantity <= MOST_IN_BATCH:
        raise WrongQuantity(most=MOST_IN_BATCH)
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)  # batches of one shop, one by one
    if made := PrintBatch.objects.filter(merchant=merchant, key=key).first():
        if made.quantity != quantity:
            raise KeyReused
        return made
    if not Programme.objects.of(merchant.pk).exists():
        raise NoMembershipYet
    blank = CardMedium.objects.filter(merchant=merchant, state=MediumState.BLANK).count()
    if blank + quantity > MOST_BLANK:
        raise TooManyBlank(blank=blank)
    batch = PrintBatch(merchant=merchant, quantity=quantity, key=key, made_by=by)
    batch.token = secrets.token_hex(5)
    batch.save()
    _make_media(batch)
    return batch


def _make_media(batch: PrintBatch) -> None:
    media = [
        CardMedium(
            merchant_id=batch.merchant_id,
            kind=MediumKind.PRINTED,
            batch=batch,
            number=number,
            token=new_code(),
            secret=f"{secrets.randbelow(10**6):06d}",
        )
        for number in free_numbers(batch.quantity)
    ]
    CardMedium.objects.bulk_create(media)
    issue_codes("medium", [medium.pk for medium in media], tokens=[medium.token for medium in media])


@transaction.atomic
def link_medium(medium: CardMedium, card: Card, *, by: User) -> CardMedium:
    """From now on the printed card stands for the member card. Linking it there again changes nothing."""
    card = Card.objects.select_for_update(of=("self",), no_key=True).get(pk=card.pk)
    medium = CardMedium.objects.locked().get(pk=medium.pk)
    if medium.state == MediumState.REVOKED:
        raise Revoked
    if medium.state == MediumState.LINKED:
        if medium.card_id != card.pk:
            raise SomebodyElses
        return medium
    if medium.merchant_id != card.merchant_id:
        raise NotThisCard
    if card.state == CardState.CLOSED:
        raise NotLinkable
    medium.state, medium.card, medium.linked_by, medium.linked_at = (
        MediumState.LINKED,
        card,
        by,
        timezone.now(),
    )
    medium.save(update_fields=["state", "card", "linked_by", "linked_at"])
    publish(MediumLinked(medium_id=medium.pk, card_id=card.pk, merchant_id=card.merchant_id))
    return medium


@transaction.atomic
def link_to_phone(medium: CardMedium, phone: str, *, by: User) -> CardMedium:
    """At the counter: whoever has this phone number becomes a member if they aren't, and has the card."""
    merchant = medium.merchant
    customer = find_or_enrol_customer(merchant, phone=phone, source="card")
    return link_medium(medium, join(Programme.objects.get(merchant=merchant), customer, by=by), by=by)


def link_own(user: User, number: str, secret: str) -> CardMedium:
    """The holder types what is printed on the back. Ten wrong ones an hour, then they have to wait."""
    if not take(TYPED, user.pk):
        raise TypedTooOften
    medium = CardMedium.objects.select_related("merchant").filter(number=number, secret=secret).first()
    if medium is None:
        raise NotThisCard
    return _link_to_person(medium, user)


@transaction.atomic
def _link_to_person(medium: CardMedium, user: User) -> CardMedium:
    programme = Programme.objects.get(merchant=medium.merchant_id)
    return link_medium(medium, join(programme, user, by=user), by=user)


@transaction.atomic
def issue_pass(card: Card, kind: MediumKind, *, by: User) -> CardMedium:
    """A pass for a phone's wallet, with a code of its own; the one that is in use when there is one."""
    card = Card.objects.select_for_update(of=("self",), no_key=True).get(pk=card.pk)
    if there := CardMedium.objects.of(card).filter(kind=kind, state=MediumState.LINKED).first():
        return there
    if card.state == CardState.CLOSED:
        raise NotLinkable
    medium = CardMedium.objects.create(
        merchant_id=card.merchant_id,
        card=card,
        kind=kind,
        token=new_code(),
        state=MediumState.LINKED,
        linked_by=by,
        linked_at=timezone.now(),
    )
    issue_codes("medium", [medium.pk], tokens=[medium.token])
    keep_fresh(medium, moment=timezone.now())
    publish(MediumLinked(medium_id=medium.pk, card_id=card.pk, merchant_id=card.merchant_id))
    return medium


@transaction.atomic
def revoke_medium(medium: CardMedium, *, by: User) -> CardMedium:
    """It works nowhere any more, for good; the member card and everything on it stay. Twice is once."""
    medium = CardMedium.objects.locked().get(pk=medium.pk)
    if medium.state == MediumState.REVOKED:
        return medium
    medium.state, medium.revoked_by, medium.revoked_at = MediumState.REVOKED, by, timezone.now()
    medium.save(update_fields=["state", "revoked_by", "revoked_at"])
    retire_code(medium.token)
    if medium.card_id:
        publish(MediumRevoked(medium_id=medium.pk, card_id=medium.card_id, merchant_id=medium.merchant_id))
    return medium


@transaction.atomic
def ask_for_print(batch: PrintBatch, *, address: str, wish: str = "", by: User) -> PrintOrder:
    """Ask the platform to print the batch and send it. A batch is ordered once."""
    PrintBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    asked = {"merchant_id": batch.merchant_id, "address": address, "wish": wish, "asked_by": by}
    return PrintOrder.objects.get_or_create(batch=batch, defaults=asked)[0]


@transaction.atomic
def move_order(order: PrintOrder, to: OrderState, *, by: User, reason: str = "") -> PrintOrder:
    """To a state that may follow the present one; the merchant is told. There already: nothing happens."""
    if move_print_order(order, to, by=by, reason=reason):
        publish(PrintOrderMoved(order_id=order.pk, merchant_id=order.merchant_id, state=to.value))
    return order
