"""What a map shows: shops, or squares with how many stand in them, by index whatever the window.

Wide windows read squares that were counted beforehand, narrow ones the shops themselves. A square on the
screen is some 64 pixels wide: a quarter of a tile of Web Mercator, whose world is 256 · 2^zoom pixels.
"""

from dataclasses import dataclass
from datetime import datetime
from math import log2
from typing import Any, NamedTuple

from django.db import connection, transaction

from merchants.finding.folding import Word
from merchants.finding.near import wanted_where

LEVELS = (6, 12, 14)  # counted beforehand, the finest without kinds: those are few enough in a narrow window
DEEPEST = 20
SINGLE_FROM = 17  # from this zoom on every shop is drawn by itself
WIDEST_TILES = 32  # 8,192 pixels
MOST = 1000
FEW, WIDEST_LIVE = 300, 10  # shops; degrees


class Spot(NamedTuple):
    """A square that has shops; slug and what follows are of a single one, None otherwise."""

    count: int  # type: ignore[assignment]  # hides the tuple's own counting, which nobody needs
    lat: float
    lon: float
    west: float
    south: float
    east: float
    north: float
    slug: str | None = None
    name: str | None = None
    category_id: int | None = None
    open: bool | None = None


class View(NamedTuple):
    """``filters_apply`` is false where squares count every shop of the kind."""

    spots: list[Spot]
    filters_apply: bool


@dataclass(frozen=True, kw_only=True)
class Window:
    """A box in degrees (west ≤ east) at a zoom of the map, and what is wanted. No categories means all."""

    west: float
    south: float
    east: float
    north: float
    zoom: int
    moment: datetime
    categories: tuple[int, ...] = ()
    only_open: bool = False
    price_levels: tuple[int, ...] = ()
    words: tuple[Word, ...] = ()

    @property
    def scale(self) -> int:
        """The zoom that counts: a window wider than any screen at its own is seen from farther away."""
        wide = max(self.east - self.west, self.north - self.south, 1e-6)
        return max(0, min(self.zoom, int(log2(WIDEST_TILES * 360 / wide))))

    @property
    def is_filtered(self) -> bool:
        return bool(self.only_open or self.price_levels or self.words)

    @property
    def is_counted(self) -> bool:
        plain = not (self.is_filtered or self.categories)
        return self.scale <= (LEVELS[-1] if plain else LEVELS[-2])

    def seen(self) -> View:
        """Squares of a window with only a few shops are too coarse: those few are read themselves."""
        if not self.is_counted:
            return View(self._spots(*self._live()), True)
        spots = self._spots(*self._counted())
        if sum(spot.count for spot in spots) <= FEW and self.east - self.west <= WIDEST_LIVE:
            return View(self._spots(*self._live()), True)
        return View(spots, not self.is_filtered)

    def _spots(self, sql: str, values: dict[str, Any]) -> list[Spot]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [Spot(*row) for row in cursor.fetchall()]

    def sql(self) -> tuple[str, dict[str, Any]]:
        """The statement that is asked first, and its values."""
        return self._counted() if self.is_counted else self._live()

    @property
    def _box(self) -> dict[str, Any]:
        return {"west": self.west, "south": self.south, "east": self.east, "north": self.north, "most": MOST}

    def _counted(self) -> tuple[str, dict[str, Any]]:
        level = next(level for level in LEVELS if self.scale <= level)
        size, shift = width(level), level - self.scale
        kind = "category_id = ANY(%(kinds)s)" if self.categories else "category_id IS NULL"
        sql = (
            "SELECT sum(shops), sum(lat * shops) / sum(shops), sum(lon * shops) / sum(shops),"  # noqa: S608
            " min(west), min(south), max(east), max(north) FROM merchants_mapcell"
            f" WHERE level = %(level)s AND {kind}"
            " AND x BETWEEN %(x0)s AND %(x1)s AND y BETWEEN %(y0)s AND %(y1)s"
            f" GROUP BY x >> {shift}, y >> {shift} ORDER BY 1 DESC, 2, 3 LIMIT %(most)s"
        )
        cells = {
            "x0": int((self.west + 180) // size),
            "x1": int((self.east + 180) // size),
            "y0": int((self.south + 90) // size),
            "y1": int((self.north + 90) // size),
        }
        return sql, self._box | cells | {"level": level, "kinds": list(self.categories)}

    def _live(self) -> tuple[str, dict[str, Any]]:
        open_at = self.moment if self.only_open else None
        where, values = wanted_where(open_at=open_at, price_levels=self.price_levels, words=self.words)
        if self.categories:
            where += " AND category_id = ANY(%(kinds)s)"
        square = "floor((lon + 180) / %(size)s), floor((lat + 90) / %(size)s)"
        square = "id" if self.scale >= SINGLE_FROM else square
        one = "CASE WHEN count(*) = 1 THEN min({}) END"
        sql = (
            "SELECT count(*), avg(lat), avg(lon), min(lon), min(lat), max(lon), max(lat),"  # noqa: S608
            f" {one.format('slug')}, {one.format('name')}, {one.format('category_id')},"
            " CASE WHEN count(*) = 1 AND bool_and(hours <> '') THEN"
            " coalesce(bool_or(opens_at <= %(moment)s AND closes_at > %(moment)s), false) END"
            " FROM (SELECT id, slug, name, category_id, hours, opens_at, closes_at,"
            " ST_Y(location::geometry) AS lat, ST_X(location::geometry) AS lon FROM merchants_shop"
            " WHERE is_listed AND location &&"
            " ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326)::geography"
            f"{where} OFFSET 0) AS shop"
            " WHERE lon BETWEEN %(west)s AND %(east)s AND lat BETWEEN %(south)s AND %(north)s"
            f" GROUP BY {square} ORDER BY 1 DESC, 2, 3 LIMIT %(most)s"
        )
        edge = (
            self.east - self.west + self.north - self.south
        ) / 20  # its sides are arcs: room for their bend
        room = {"w": self.west - edge, "s": self.south - edge, "e": self.east + edge, "n": self.north + edge}
        more = {"size": width(self.scale), "moment": self.moment, "kinds": list(self.categories)}
        return sql, self._box | room | values | more


def width(level: int) -> float:
    """Degrees of a square's side."""
    return float(360 / 2 ** (level + 2))


COUNT = """
    INSERT INTO merchants_mapcell (level, x, y, category_id, shops, lat, lon, west, south, east, north)
    SELECT %(level)s, x, y, {kind}, count(*), avg(lat), avg(lon), min(lon), min(lat), max(lon), max(lat)
    FROM (
        SELECT category_id, lat, lon,
               floor((lon + 180) / %(size)s)::int AS x, floor((lat + 90) / %(size)s)::int AS y
        FROM (
            SELECT category_id, ST_Y(location::geometry) AS lat, ST_X(location::geometry) AS lon
            FROM merchants_shop WHERE is_listed
        ) AS shop
    ) AS shop GROUP BY GROUPING SETS ({sets})
"""


@transaction.atomic
def count_cells() -> int:
    """Count all squares again; readers see the old ones until it is done. Returns how many there are."""
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE merchants_mapcell IN SHARE ROW EXCLUSIVE MODE")  # one count at a time
        cursor.execute("DELETE FROM merchants_mapcell")
        for level in LEVELS:
            kinds = {"sets": "(x, y, category_id), (x, y)", "kind": "category_id"}
            if level == LEVELS[-1]:
                kinds = {"sets": "(x, y)", "kind": "NULL::int"}
            cursor.execute(COUNT.format(**kinds), {"level": level, "size": width(level)})
            rows += cursor.rowcount
    return rows
