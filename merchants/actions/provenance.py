"""Keeping, beside each fact of a shop, where it comes from. Called by the verbs that change facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from merchants.models import Confirmation, Fact, Origin, Provenance, Shop
from portal.kernel.models import User


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Whose hand changes a fact. ``accepted_as``: the owner or our staff took a visitor's word for it."""

    origin: Origin = Origin.OWNER
    by: User | None = None
    accepted_by: User | None = None
    accepted_as: str = ""


OWNER = Hand()


def value_of(shop: Shop, fact: Fact) -> object:
    """What the listing says now; empty or None where it says nothing."""
    if fact == Fact.LOCATION:
        return (shop.location.x, shop.location.y) if shop.location else None
    if fact == Fact.NAME:
        return (shop.name, shop.name_en)
    return getattr(shop, "category_id" if fact == Fact.CATEGORY else fact.value)


def values_of(shop: Shop, facts: Iterable[Fact]) -> dict[Fact, object]:
    return {fact: value_of(shop, fact) for fact in facts}


def note(shop: Shop, before: dict[Fact, object], hand: Hand, *, moment: datetime | None = None) -> None:
    """Note the source of the facts in ``before`` (their values before the change), with the shop locked.

    Who saves a fact unchanged has looked at it: it is theirs now and counts as confirmed, and what
    visitors confirmed stays. A changed fact starts without confirmations; an emptied one has no source.
    """
    moment = moment or timezone.now()
    known = {row.fact: row for row in Provenance.objects.of(shop).filter(fact__in=before)}
    for fact, old in before.items():
        new = value_of(shop, fact)
        if not new:
            Provenance.objects.of(shop).filter(fact=fact).delete()
            continue
        if new == old and hand.origin == Origin.VISITOR:
            continue  # a visitor spoke of one fact; the others that are written with it stay as they were
        row = known.get(fact) or Provenance(shop=shop, fact=fact)
        if new != old or row.pk is None:
            row.noted_at, row.confirmations = moment, 0
        row.origin, row.source, row.licence = hand.origin, "", ""
        row.by, row.accepted_by, row.accepted_as = hand.by, hand.accepted_by, hand.accepted_as
        row.confirmed_at = moment
        row.save()
    keep_fresh(shop, moment)


def keep_fresh(shop: Shop, moment: datetime) -> None:
    """The listing was confirmed just now; never moves backwards."""
    if shop.confirmed_at is None or shop.confirmed_at < moment:
        shop.confirmed_at = moment
        shop.save(update_fields=["confirmed_at"])


def quarter_of(moment: datetime) -> date:
    """The first day of the quarter, by the portal's own calendar."""
    day = timezone.localdate(moment)
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


@transaction.atomic
def confirm_shop(shop: Shop, *, by: User, moment: datetime) -> bool:
    """Somebody who was there says that all of it is still true; False when they have said so this quarter."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    quarter = quarter_of(moment)
    _row, new = Confirmation.objects.get_or_create(shop=shop, by=by, quarter=quarter)
    if new:
        confirm(shop, moment=moment)
    return new


def confirm(shop: Shop, *, moment: datetime) -> None:
    """A visitor says that everything is still true. Wants the shop locked."""
    rows = Provenance.objects.of(shop)
    rows.update(confirmations=F("confirmations") + 1, confirmed_at=moment)
    keep_fresh(shop, moment)
