"""At which shop's till a cashier stands: chosen once, remembered in the session."""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest

from merchants.models import Merchant


@dataclass(frozen=True)
class Till:
    slug: str
    name: str
    several: bool  # whether there is something to choose


def shops_of(merchant: Merchant) -> Any:
    return merchant.shops.filter(closed_at=None).order_by("name", "pk")  # each knows its merchant


def till_of(request: HttpRequest, merchant: Merchant) -> Till | None:
    """The till of this session; no query once it is known. None when the merchant has no shop yet."""
    chosen, place = request.GET.get("shop"), f"till:{merchant.pk}"
    known = request.session.get(place)
    if known and chosen in (None, known["slug"]):
        return Till(**known)
    shops = list(shops_of(merchant))
    shop = next((shop for shop in shops if shop.slug == chosen), shops[0] if shops else None)
    if shop is None:
        return None
    till = Till(shop.slug, shop.name, len(shops) > 1)
    request.session[place] = asdict(till)
    return till
