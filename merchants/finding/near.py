"""Which shops are near: the question behind the list, the map and the GeoJSON.

Shape of the SQL (measured on a million shops): the nearest-neighbour index answers ``ORDER BY location
<-> point LIMIT n``. It measures on a sphere, so a few rows more are taken, measured on the WGS-84
spheroid and put in order. A branch of the category tree is one index scan per category, merged.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Any, NamedTuple

from django.db import connections
from django.utils.translation import get_language

from merchants.finding.folding import Word
from merchants.wording import in_language

SPARE, SPARE_SHARE = 4, 16  # rows beyond the limit, so that the order by sphere can't hide one
# Length on the spheroid over length on PostGIS's sphere lies between 0.9944 and 1.0045 for any two points:
# radii of curvature 6,335,439 m to 6,399,594 m against 6,371,009 m.
SHORTEST = 0.9944
WHOLE_EARTH_M = 20_037_508
# A scan for what is open at night, or of one price level, must not walk round the world.
WITHIN_WHEN_OPEN_M = 100_000

# Plain numbers, written as such: a dozen parameters to fill in would take longer than the search itself.
POINT = "ST_SetSRID(ST_MakePoint({lon!r}, {lat!r}), 4326)::geography"


class Nearby(NamedTuple):
    """One row of a list: plain values, no model and no geometry to build."""

    id: int
    slug: str
    name: str
    name_en: str
    category_id: int
    merchant_id: int | None
    hours: str
    time_zone: str
    opens_at: datetime | None
    closes_at: datetime | None
    calendar: str | None  # JSON, see merchants/special.py
    from_price: int | None
    headline: str
    headline_en: str
    price_level: int | None
    rating: Decimal | None
    rating_count: int
    cover: str
    source: str
    source_id: str
    source_licence: str
    lat: float
    lon: float
    metres: float  # on the WGS-84 spheroid

    @property
    def title(self) -> str:
        """The name in the reader's language where there is one."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def headline_says(self) -> str:
        return in_language(self.headline, self.headline_en)

    @property
    def distance_m(self) -> int:
        return round(self.metres)

    def is_open_at(self, moment: datetime) -> bool | None:
        """None where nobody knows the hours."""
        if not self.hours:
            return None
        return bool(self.opens_at and self.closes_at and self.opens_at <= moment < self.closes_at)


COLUMNS = Nearby._fields[:-3]  # what the row itself holds
WANTED = ", ".join(COLUMNS)


@dataclass(frozen=True, kw_only=True)
class Near:
    """The question: a point and what is wanted. ``categories`` empty means all."""

    lat: float
    lon: float
    limit: int
    within_m: float | None = None
    categories: tuple[int, ...] = ()
    open_at: datetime | None = None
    price_levels: tuple[int, ...] = ()
    words: tuple[Word, ...] = ()
    but_not: int | None = None

    def ask(self, using: str = "default") -> list[Nearby]:
        """The ``limit`` nearest by spheroid, nearest first; equals measuring every shop."""
        take = self.limit + SPARE + self.limit // SPARE_SHARE
        while True:
            rows = self._rows(take, using)
            if self._is_complete(rows, take) or take > 32 * (self.limit + SPARE):
                inside = WHOLE_EARTH_M if self.within_m is None else self.within_m
                return [Nearby._make(row[:-1]) for row in rows[: self.limit] if row[-2] <= inside]
            take *= 2  # a ring of shops all equally far

    def _is_complete(self, rows: list[tuple[Any, ...]], take: int) -> bool:
        """Whether no shop that the scan hasn't reached could be nearer than those that count."""
        if len(rows) < take:
            return True
        reached = max(row[-1] for row in rows)
        farthest = rows[self.limit - 1][-2]
        if self.within_m is not None:
            farthest = min(farthest, self.within_m)
        return bool(farthest < reached * SHORTEST)

    def _rows(self, take: int, using: str) -> list[tuple[Any, ...]]:
        sql, values = self.sql(take)
        with connections[using].cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def sql(self, take: int) -> tuple[str, dict[str, Any]]:
        """The statement and its values; the last two columns are metres on the spheroid and on the sphere."""
        point = self._point
        where, values = self._where(point)
        # One literal integer per scan: `= ANY (…)` can't be ordered by the two-column index, and its
        # first column takes no other type than integer.
        scans = [  # only our own column names and integers are pasted in; values travel as parameters
            f"(SELECT {WANTED}, location, location <-> {point} AS sphere FROM merchants_shop"  # noqa: S608
            f" WHERE is_listed{chosen}{where} ORDER BY location <-> {point} LIMIT {take:d})"
            for chosen in [f" AND category_id = {int(key)}" for key in self.categories] or [""]
        ]
        merged = (
            scans[0] if len(scans) == 1 else f"({' UNION ALL '.join(scans)} ORDER BY sphere LIMIT {take:d})"
        )
        sql = (
            f"SELECT {WANTED}, ST_Y(location::geometry), ST_X(location::geometry),"  # noqa: S608
            f" ST_Distance(location, {point}) AS metres, sphere"
            f" FROM {merged} AS near"
            " ORDER BY metres, id"
        )
        return sql, values

    @property
    def _point(self) -> str:
        lat, lon = float(self.lat), float(self.lon)
        if not (isfinite(lat) and isfinite(lon)):
            raise ValueError("no point on the globe")
        return POINT.format(lat=lat, lon=lon)

    def _where(self, point: str) -> tuple[str, dict[str, Any]]:
        where, values = "", dict[str, Any]()
        within = self.within_m
        if within is None and (self.open_at or self.price_levels) and not self.words:
            within = WITHIN_WHEN_OPEN_M
        if within is not None:
            # Not ST_DWithin: its guess of the rows is so low that the planner would read the whole circle
            # and sort it. The box is estimated well and ends the scan; its corners come last and are cut.
            where += f" AND location && _ST_Expand({point}, {float(within)!r})"
        if self.but_not is not None:
            where += " AND id <> %(but_not)s"
            values["but_not"] = self.but_not
        more, its = wanted_where(open_at=self.open_at, price_levels=self.price_levels, words=self.words)
        return where + more, values | its


def wanted_where(
    *, open_at: datetime | None, price_levels: tuple[int, ...], words: tuple[Word, ...]
) -> tuple[str, dict[str, Any]]:
    """The conditions on a shop's own columns, each beginning with AND, and their values."""
    where, values = "", dict[str, Any]()
    if open_at is not None:
        where += " AND opens_at <= %(at)s AND closes_at > %(at)s"
        values["at"] = open_at
    if price_levels:
        where += " AND price_level = ANY(%(levels)s)"
        values["levels"] = list(price_levels)
    for number, word in enumerate(words):
        if word.grams:
            where += f" AND bigrams @> %(grams{number})s::varchar(2)[]"
            values[f"grams{number}"] = word.grams
        if word.contained:  # never for a word of two: a trigram index would read the whole table
            where += f" AND search_text LIKE %(like{number})s"
            values[f"like{number}"] = f"%{literal(word.contained)}%"
    return where, values


def literal(text: str) -> str:
    """For LIKE: a percent sign that somebody typed means itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
