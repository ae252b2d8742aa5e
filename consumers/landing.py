"""What a page says about a kind of shop in a part of town: its shops, usual prices, words for engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from statistics import quantiles
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from consumers.areas import Area, areas, districts
from consumers.position import Position
from consumers.wanted import Tree, Wanted
from merchants.finding.near import Nearby
from merchants.finding.ranking import CONSIDERED, Sort
from merchants.models import Category
from portal.kernel.money import format_money

SHOWN = 20
LEAST_SHOPS = 3  # fewer make no page of their own for a search engine
LEAST_PRICES = 5
DEGREE_M = 111_000

# Which kinds have enough shops for a page, area by area; boxes are as wide as their latitude makes them.
WORTH_A_PAGE = """
    SELECT area.number, category_id
    FROM unnest(%s::int[], %s::float8[], %s::float8[], %s::float8[], %s::float8[])
        AS area (number, west, south, east, north)
    JOIN merchants_shop ON is_listed
        AND location && ST_MakeEnvelope(west, south, east, north, 4326)::geography
    GROUP BY area.number, category_id HAVING count(*) >= %s ORDER BY area.number, category_id
"""


@dataclass(frozen=True)
class Band:
    """What most shops of a kind ask for their cheapest service: the middle eight tenths. Minor units."""

    low: int
    high: int

    def __str__(self) -> str:
        low, high = format_money(self.low), format_money(self.high)
        return low if low == high else f"{low}–{high}"


@dataclass(frozen=True)
class Landing:
    area: Area
    category: Category | None
    shops: list[Nearby]

    @property
    def path(self) -> str:
        return path_of(self.area, self.category)

    @property
    def title(self) -> str:
        if self.category is None:
            return _("Shops and services in %(area)s") % {"area": self.area.name}
        return _("%(category)s in %(area)s") % {"category": self.category.name, "area": self.area.name}

    @property
    def band(self) -> Band | None:
        prices = [shop.from_price for shop in self.shops if shop.from_price is not None]
        if self.category is None or len(prices) < LEAST_PRICES:
            return None
        tenths = quantiles(prices, n=10, method="inclusive")
        return Band(round(tenths[0]), round(tenths[-1]))

    @property
    def description(self) -> str:
        said = [self.title]
        if self.band:
            said.append(_("prices mostly from %(band)s") % {"band": self.band})
        said.append(_("open now, distance and prices at a glance"))
        return " · ".join(said)

    @property
    def is_thin(self) -> bool:
        return len(self.shops) < LEAST_SHOPS

    @property
    def item_list(self) -> dict[str, Any]:
        """schema.org ItemList of the shops that stand on the page."""
        doors = f"{settings.SITE_URL}/s/"
        return {
            "@context": "https://schema.org",
            "@type": "ItemList",
            "name": self.title,
            "itemListElement": [
                {"@type": "ListItem", "position": n, "name": shop.title, "url": f"{doors}{shop.slug}/"}
                for n, shop in enumerate(self.shops[:SHOWN], 1)
            ],
        }


def landing(area: Area, category: Category | None, moment: datetime) -> Landing:
    """The most useful of the nearest two hundred within the area."""
    here = Position(area.lat, area.lon, area=area)
    wanted = Wanted(category=category, within_m=area.within_m, sort=Sort.USEFUL)
    return Landing(area, category, wanted.near(here, moment, CONSIDERED))


def path_of(area: Area, category: Category | None) -> str:
    if category is None:
        return reverse("consumers:area", args=[area.slug])
    return reverse("consumers:area_category", args=[area.slug, category.slug])


def worth_a_page(tree: Tree) -> list[tuple[Area, Category | None]]:
    """Every area, and its kinds that have enough shops. One query; reads the index of each area's box."""
    every = (*areas(), *districts())
    boxes = [_box(area) for area in every]
    with connection.cursor() as cursor:
        columns = map(list, zip(*boxes, strict=True))
        cursor.execute(WORTH_A_PAGE, [list(range(len(every))), *columns, LEAST_SHOPS])
        found: Sequence[tuple[int, int]] = cursor.fetchall()
    pages: list[tuple[Area, Category | None]] = [(every[n], None) for n in sorted({n for n, _key in found})]
    return pages + [(every[n], tree.by_key[key]) for n, key in found if key in tree.by_key]


def _box(area: Area) -> tuple[float, float, float, float]:
    north = area.within_m / DEGREE_M
    east = north / max(cos(radians(area.lat)), 0.1)
    return area.lon - east, area.lat - north, area.lon + east, area.lat + north
