"""What visit passes a merchant sells."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loyalty.actions.stamps import ForeignService
from loyalty.models import PassOffer, Programme
from merchants.models import Service, Shop
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

CHANGEABLE = (
    "name",
    "name_en",
    "visits",
    "price",
    "months",
    "services",
    "shops",
    "needs_pin",
    "is_on",
    "sold_online",
)


class ForeignShop(Refused):
    sentence = _("One of these shops isn't yours any more. Choose again.")


@transaction.atomic
def offer_pass(programme: Programme, *, by: User, key: UUID, **terms: Any) -> PassOffer:
    """Put a pass on sale; the same key does it once."""
    _ours(programme, terms.get("services", []), terms.get("shops", []))
    defaults = {"merchant_id": programme.merchant_id} | terms
    offer, made = PassOffer.objects.get_or_create(programme=programme, key=key, defaults=defaults)
    if not made and offer.name != terms["name"]:
        raise KeyReused
    return offer


@transaction.atomic
def change_pass(offer: PassOffer, *, by: User, **changes: Any) -> PassOffer:
    """New terms for what is sold from now on; of passes that were sold, only the PIN is asked anew."""
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"a pass has no {sorted(unknown)}")
    _ours(offer.programme, changes.get("services", []), changes.get("shops", []))
    for field, value in changes.items():
        setattr(offer, field, value)
    offer.save(update_fields=list(changes))
    return offer


def _ours(programme: Programme, services: Sequence[int], shops: Sequence[int]) -> None:
    mine = Service.objects.filter(shop__merchant=programme.merchant_id, pk__in=services)
    if mine.count() != len(set(services)):
        raise ForeignService
    if Shop.objects.filter(merchant=programme.merchant_id, pk__in=shops).count() != len(set(shops)):
        raise ForeignShop
