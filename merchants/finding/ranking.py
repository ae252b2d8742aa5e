"""How a list is put in order. The help page and docs/discovery.md show these numbers; no place is for sale.

Sorting looks at the nearest shops that fit the filters, so its cost doesn't grow with the number of shops.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from merchants.finding.near import Nearby

CONSIDERED = 200  # of the nearest that fit
# Points of "useful"; together a hundred.
NEARNESS, REVIEWS, OPEN_NOW, KNOWN = 40, 30, 15, 15
HALF_AT_M = 1000  # from here on half of the points for nearness are left, at the triple a quarter
USUAL_RATING, USUAL_COUNT = 3.5, 5  # what a shop without enough reviews counts as, and how firmly
NEVER = float("inf")


class Sort(TextChoices):
    DISTANCE = "", _("Nearest")
    USEFUL = "useful", _("Most useful")
    RATING = "rating", _("Best rated")
    PRICE = "price", _("Lowest price level")


def steady_rating(shop: Nearby) -> float:
    """Stars from 1 to 5, drawn towards the usual while there are few reviews (a Bayesian average)."""
    if shop.rating is None:
        return USUAL_RATING
    stars, count = float(shop.rating), shop.rating_count
    return (stars * count + USUAL_RATING * USUAL_COUNT) / (count + USUAL_COUNT)


def usefulness(shop: Nearby, moment: datetime) -> float:
    """Points from 0 to 100."""
    known = (bool(shop.hours), shop.from_price is not None, bool(shop.cover))
    return (
        NEARNESS / (1 + shop.metres / HALF_AT_M)
        + REVIEWS * (steady_rating(shop) - 1) / 4
        + (OPEN_NOW if shop.is_open_at(moment) else 0)
        + KNOWN * sum(known) / len(known)
    )


def ordered(shops: Sequence[Nearby], sort: str, moment: datetime) -> list[Nearby]:
    """Ties are settled by distance, then by number, so that the order is the same every time."""
    by: dict[str, Callable[[Nearby], tuple[Any, ...]]] = {
        Sort.USEFUL: lambda shop: (-usefulness(shop, moment),),
        Sort.RATING: lambda shop: (-float(shop.rating or 0), -shop.rating_count),
        Sort.PRICE: lambda shop: (shop.price_level or NEVER, shop.from_price or NEVER),
    }
    if sort not in by:
        return list(shops)
    return sorted(shops, key=lambda shop: (*by[sort](shop), shop.metres, shop.id))
