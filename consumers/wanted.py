"""What somebody is looking for, read from an address: ``?cat=hair&open=1&r=1000&q=洗剪吹``."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consumers.position import Position
from merchants.finding.clusters import DEEPEST, Window
from merchants.finding.folding import words_of
from merchants.finding.near import Nearby
from merchants.finding.ranking import CONSIDERED, Sort, ordered
from merchants.models import Category, Shop
from portal.kernel.forms import clean_text
from portal.kernel.refused import Refused

HALFWAY_ROUND_M = 20_037_508  # no place is farther away
MOST_FEATURES, USUAL_FEATURES = 500, 100
RADII = (500, 1000, 3000)
PRICE_LEVELS = (1, 2, 3)
LONGEST_TEXT = 60
DAILY = ("restaurant", "milk-tea", "hair", "laundry", "convenience", "pharmacy", "beauty-salon", "repair")


class BadQuestion(Refused):
    """A parameter that can't be understood, with a sentence that says how it is written."""

    status = 400


class Tree:
    """The category tree as one query reads it."""

    def __init__(self) -> None:
        rows = list(Category.objects.order_by("position", "pk"))
        self.by_key = {row.pk: row for row in rows}
        for row in rows:
            if row.parent_id is not None:
                row.parent = self.by_key[row.parent_id]
        self.by_slug = {row.slug: row for row in rows}
        self.roots = [row for row in rows if row.parent_id is None]

    def daily(self, count: int = 8) -> list[Category]:
        """What people look for most days, filled up with branches."""
        daily = [self.by_slug[slug] for slug in DAILY if slug in self.by_slug]
        return (daily + [root for root in self.roots if root not in daily])[:count]

    def below(self, root: Category) -> list[Category]:
        return [row for row in self.by_key.values() if row.parent_id == root.pk]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The filters of a list; the same on page, map and GeoJSON."""

    category: Category | None = None
    open: bool = False
    within_m: int | None = None
    price_levels: tuple[int, ...] = ()
    text: str = ""
    sort: str = Sort.DISTANCE

    @classmethod
    def leniently(cls, query: QueryDict, tree: Tree) -> Self:
        """For a page: what can't be understood is left out, never an error."""
        radius = number_in(query.get("r", ""))
        return cls(
            category=tree.by_slug.get(query.get("cat", "")),
            open=query.get("open") == "1",
            within_m=round(radius) if radius and 1 <= radius <= HALFWAY_ROUND_M else None,
            price_levels=tuple(level for level in PRICE_LEVELS if str(level) in query.getlist("price")),
            text=" ".join(clean_text(query.get("q", "")).split())[:LONGEST_TEXT],
            sort=query.get("sort", "") if query.get("sort", "") in Sort.values else Sort.DISTANCE,
        )

    @classmethod
    def strictly(cls, query: QueryDict, tree: Tree) -> Self:
        """For a machine: raises BadQuestion for a parameter that it wrote wrongly."""
        wanted = cls.leniently(query, tree)
        if query.get("cat") and wanted.category is None:
            raise BadQuestion(_("cat is the slug of a category, such as hair or cafe."))
        if query.get("open", "") not in ("", "0", "1"):
            raise BadQuestion(_("open is 1 for only what is open now, or 0."))
        if query.get("r") and wanted.within_m is None:
            raise BadQuestion(_("r is a radius in metres from 1 to %(most)d."), most=HALFWAY_ROUND_M)
        if not {*query.getlist("price")} <= {"", *map(str, PRICE_LEVELS)}:
            raise BadQuestion(_("price is 1, 2 or 3, also several times."))
        if query.get("sort", "") not in Sort.values:
            raise BadQuestion(_("sort is useful, rating or price; without it the nearest come first."))
        return wanted

    def near(self, position: Position, moment: datetime, limit: int) -> list[Nearby]:
        """The nearest, or of the nearest two hundred the first in the wanted order."""
        found = Shop.objects.near(
            position.lat,
            position.lon,
            within_m=self.within_m,
            category=self.category,
            open_at=moment if self.open else None,
            price_levels=self.price_levels,
            text=self.text,
            limit=limit if self.sort == Sort.DISTANCE else max(limit, CONSIDERED),
        )
        return ordered(found, self.sort, moment)[:limit]

    def in_window(
        self, west: float, south: float, east: float, north: float, *, zoom: int, moment: datetime
    ) -> Window:
        """The same filters for what a map shows."""
        return Window(
            west=west,
            south=south,
            east=east,
            north=north,
            zoom=zoom,
            moment=moment,
            categories=Category.objects.keys_of(self.category) if self.category else (),
            only_open=self.open,
            price_levels=self.price_levels,
            words=tuple(words_of(self.text)),
        )

    def but(self, **changes: object) -> Self:
        return replace(self, **changes)  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        """In one order, so that the same list always has the same address."""
        every = [
            ("cat", self.category.slug if self.category else ""),
            ("open", "1" if self.open else ""),
            ("r", str(self.within_m or "")),
            *(("price", str(level)) for level in self.price_levels),
            ("q", self.text),
            ("sort", self.sort),
        ]
        return [(key, str(text)) for key, text in every if text]

    def query(self, *more: tuple[str, str]) -> str:
        return urlencode([*self.pairs(), *((key, text) for key, text in more if text)])

    @property
    def count(self) -> int:
        """How many filters hold; an order is none."""
        return len(self.but(sort=Sort.DISTANCE).pairs())


def number_in(text: str) -> float | None:
    """A finite number written in digits; None for nan, inf, 1e309 and everything else."""
    try:
        value = float(text) if text.isascii() and len(text) <= 20 else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def limit_in(text: str) -> int:
    """How many features, at most 500. Raises BadQuestion."""
    if not text:
        return USUAL_FEATURES
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise BadQuestion(_("limit is a whole number from 1 to %(most)d."), most=MOST_FEATURES)
    return min(int(text), MOST_FEATURES)


def box_in(text: str) -> tuple[float, float, float, float]:
    """West, south, east and north in degrees, cut at the edges of the map. Raises BadQuestion."""
    found = [number_in(part.strip()) for part in text[:120].split(",")]
    edges = [edge for edge in found if edge is not None]
    if len(found) != 4 or len(edges) != 4 or edges[0] > edges[2] or edges[1] > edges[3]:
        raise BadQuestion(_("bbox is west,south,east,north in degrees, such as bbox=121.4,31.2,121.5,31.3."))
    west, east = (max(-180.0, min(180.0, edge)) for edge in (edges[0], edges[2]))
    south, north = (max(-90.0, min(90.0, edge)) for edge in (edges[1], edges[3]))
    return west, south, east, north


def zoom_in(text: str) -> int:
    """A zoom of web maps, 0 for the whole world to 20. Raises BadQuestion."""
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= DEEPEST):
        raise BadQuestion(_("zoom is a whole number from 0 to %(most)d."), most=DEEPEST)
    return int(text)
