"""A merchant's membership and who joins it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.cards.numbers import new_number
from loyalty.events import CardJoined
from loyalty.models import (
    FACES,
    Account,
    Card,
    CardMedium,
    CardState,
    ImportRow,
    MemberExport,
    Programme,
    RetiredCode,
    RowState,
    ValueKind,
)
from merchants.actions import find_or_enrol_customer
from merchants.models import Customer, Merchant
from portal.kernel.codes import issue_code, new_code
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

CHANGEABLE = ("name", "face", "slogan", "points_per_unit", "points_expire_months", "is_open")


@transaction.atomic
def open_programme(
    merchant: Merchant,
    *,
    by: User,
    name: str,
    face: str = "jade",
    slogan: str = "",
    points_per_unit: int = 1,
    points_expire_months: int | None = None,
) -> Programme:
    """Give the merchant its one membership; asking again gives back the one there is."""
    programme, _created = Programme.objects.get_or_create(
        merchant=merchant,
        defaults={
            "name": name,
            "face": _known_face(face),
            "slogan": slogan,
            "points_per_unit": points_per_unit,
            "points_expire_months": points_expire_months,
        },
    )
    return programme


@transaction.atomic
def change_programme(programme: Programme, *, by: User, **changes: Any) -> Programme:
    """New terms hold for points earned from now on; points already earned keep the expiry they had."""
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"a programme has no {sorted(unknown)}")
    _known_face(changes.get("face", programme.face))
    for field, value in changes.items():
        setattr(programme, field, value)
    programme.save(update_fields=list(changes))
    return programme


def _known_face(face: str) -> str:
    if face not in FACES:
        raise Refused(_("Choose one of the twelve card faces."))
    return face


@transaction.atomic
def join(programme: Programme, who: User | Customer, *, by: User, moment: datetime | None = None) -> Card:
    """Make the person a member. Joining twice gives back the card there is: a person has one per merchant."""
    customer = who if isinstance(who, Customer) else _known(programme, who)
    if customer.merchant_id != programme.merchant_id:
        raise Refused(_("This customer belongs to another merchant."))
    customer = Customer.objects.locked().get(pk=customer.pk)  # two joins at once: the second finds the first
    if card := Card.objects.filter(customer=customer).select_related("programme", "customer").first():
        return _opened_again(card)
    if not programme.is_open:
        raise Refused(_("This card takes no new members at the moment."))
    return _issue(programme, customer, moment or timezone.now())


@transaction.atomic
def enrol(programme: Programme, phone: str, *, name: str = "", by: User) -> Card:
    """Make somebody a member who gives nothing but a phone number (E.164). Twice is once.

    The number isn't proven: the card is used at the counter at once, and appears in the wallet of
    whoever proves the number. Nobody's account is opened by it.
    """
    customer = find_or_enrol_customer(programme.merchant, phone=phone, name=name, source="counter")
    return join(programme, customer, by=by)


def _opened_again(card: Card) -> Card:
    """A card that was closed only because its import was taken back is there for who joins by themselves."""
    back = ImportRow.objects.filter(card=card, state=RowState.UNDONE, made_card=True)
    if card.state == CardState.CLOSED and back.exists():
        card.state = CardState.ACTIVE
        card.save(update_fields=["state"])
    return card


def _known(programme: Programme, user: User) -> Customer:
    return find_or_enrol_customer(programme.merchant, user=user, source="card")


@transaction.atomic
def note_export(merchant: Merchant, *, by: User, asked: str) -> MemberExport:
    """Put on record that somebody takes the list of members away."""
    return MemberExport.objects.create(merchant=merchant, by=by, asked=asked[:200])


def free_number() -> str:
    """A number nobody has: random ones meet now and then. The unique constraint stands behind this look."""
    while _taken(number := new_number()):
        continue
    return number


def free_numbers(count: int) -> list[str]:
    """As many, looked up together."""
    found: set[str] = set()
    while len(found) < count:
        fresh = {new_number() for _ in range(count - len(found))}
        for rows in (Card.objects, RetiredCode.objects, CardMedium.objects):
            had: Any = rows.filter(number__in=fresh).values_list("number", flat=True)
            fresh -= set(had)
        found |= fresh
    return sorted(found)


def _taken(number: str) -> bool:
    had = (Card.objects, RetiredCode.objects, CardMedium.objects)
    return any(rows.filter(number=number).exists() for rows in had)


def _issue(programme: Programme, customer: Customer, moment: datetime) -> Card:
    card = Card.objects.create(
        merchant_id=programme.merchant_id,
        programme=programme,
        customer=customer,
        number=free_number(),
        token=new_code(),
        joined_at=moment,
    )
    issue_code("card", card.pk, token=card.token)
    Account.objects.create(merchant_id=card.merchant_id, card=card, kind=ValueKind.POINTS)
    publish(
        CardJoined(
            card_id=card.pk,
            merchant_id=card.merchant_id,
            customer_id=customer.pk,
            user_id=customer.user_id,
            joined_at=moment.isoformat(),
        )
    )
    return card
