"""A shop on a list, in the words that the row component shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from merchants.finding.near import Nearby
from merchants.models import Category
from merchants.opening.hours import shown
from merchants.opening.special import read
from merchants.photos import srcset_of, url_of


@dataclass(frozen=True)
class Row:
    slug: str
    name: str
    photo: str
    srcset: str
    cover: str
    category: str
    metres: float
    state: str
    at: Any
    note: Any
    price: int | None
    unit: str
    kind: str
    cost: str
    score: Any
    count: int

    @property
    def href(self) -> str:
        return f"/s/{self.slug}/"


def rows_of(found: Iterable[Nearby], categories: dict[int, Category], moment: datetime) -> list[Row]:
    return [_row(shop, categories[shop.category_id], moment) for shop in found]


def cost_of(level: int | None) -> str:
    """How dear among its kind: one to three signs of the currency; nothing where nobody can say."""
    return settings.CURRENCY_SYMBOL * (level or 0)


def _row(shop: Nearby, category: Category, moment: datetime) -> Row:
    special = read(shop.calendar)
    door = shown(shop.hours, shop.time_zone, shop.opens_at, shop.closes_at, moment, special)
    return Row(
        slug=shop.slug,
        name=shop.title,
        photo=url_of(shop.cover, 192) if shop.cover else "",
        srcset=srcset_of(shop.cover, 96, 192, 384) if shop.cover else "",
        cover=category.cover,
        category=category.name,
        metres=shop.metres,
        state=door.state,
        at=door.at,
        note=door.note,
        price=shop.from_price,
        unit=shop.headline_says,
        kind="listing" if category.is_discovery_only else "place",
        cost=cost_of(shop.price_level),
        score=shop.rating,
        count=shop.rating_count,
    )
