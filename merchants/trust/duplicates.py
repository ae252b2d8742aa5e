"""Listings that are likely the same place: found while somebody enters a shop, and every night among all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from merchants.finding.near import Nearby
from merchants.models import Shop
from merchants.trust.likeness import WITHIN_M, Evidence, grams, names_alike, phones_in

LOOKED_AT = 60  # the nearest so many; a busy street has fewer within the distance
SHOWN = 3
HOTLINE = 10  # a number on more listings than that belongs to a chain or a market, not to a door
BLOCK = 5_000  # listings compared by one statement
SHARED = 0.3  # of the shorter name's grams: below it the exact measure can't reach what is worth a look


@dataclass(frozen=True)
class Candidate:
    """A place that may be the shop itself, with what speaks for it."""

    place: Nearby
    evidence: Evidence


def candidates_of(shop: Shop) -> list[Candidate]:
    """Listed places within 150 m with a name like the shop's or its phone, the likeliest first."""
    if shop.location is None:
        return []
    near = Shop.objects.near(shop.location.y, shop.location.x, within_m=WITHIN_M, limit=LOOKED_AT)
    rows = [row for row in near if row.id != shop.pk]
    phones = dict(Shop.objects.filter(pk__in=[row.id for row in rows]).values_list("pk", "phone"))
    own = phones_in(shop.phone)
    found = [
        Candidate(
            row,
            Evidence(
                alike=names_alike(filter(None, (shop.name, shop.name_en)), (row.name, row.name_en)),
                metres=row.metres,
                same_phone=bool(own & phones_in(phones.get(row.id, ""))),
            ),
        )
        for row in rows
    ]
    likely = [candidate for candidate in found if candidate.evidence.is_worth_a_look]
    return sorted(likely, key=lambda candidate: (-candidate.evidence.score, candidate.place.id))


def likely_duplicates(shop: Shop) -> list[Candidate]:
    """What somebody who enters a shop is asked about: places that belong to nobody yet."""
    return [row for row in candidates_of(shop) if row.place.merchant_id is None][:SHOWN]


@dataclass(frozen=True)
class Found:
    """Two listings by primary key, the smaller first."""

    first: int
    second: int
    evidence: Evidence


def pairs() -> Iterator[Found]:
    """Every pair of listed places that is worth a look. Call it inside a transaction.

    The names are cut into grams once, into a table of this transaction with an index on the place; each
    block of listings is then compared with its neighbours by one statement.
    """
    names = _stage()
    keys = sorted(names)
    for start in range(0, len(keys), BLOCK):
        block = keys[start : start + BLOCK]
        for first, second, metres, same_phone in _neighbours(block[0], block[-1]):
            alike = names_alike(names[first], names[second])
            evidence = Evidence(alike=alike, metres=metres, same_phone=same_phone)
            if evidence.is_worth_a_look:
                yield Found(first, second, evidence)


def _stage() -> dict[int, tuple[str, ...]]:
    """The listed places as (primary key: names); also puts them into the table ``named``."""
    # Read to the end first: one connection can't answer while it copies.
    listed = list(Shop.objects.listed().order_by("pk").values_list("pk", "name", "name_en", "phone"))
    names: dict[int, tuple[str, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.named, pg_temp.cut")
        cursor.execute("CREATE TEMP TABLE cut (id bigint, grams text[], phones text[]) ON COMMIT DROP")
        with cursor.copy("COPY cut (id, grams, phones) FROM STDIN") as copy:
            for pk, name, name_en, phone in listed:
                names[pk] = tuple(filter(None, (name, name_en)))
                copy.write_row([pk, sorted(_grams_of(names[pk])), sorted(phones_in(phone))])
        cursor.execute(PREPARE)
    return names


def _grams_of(names: Iterable[str]) -> set[str]:
    return set().union(*(grams(name) for name in names))


# Written in one go: an index over rows that this transaction has updated could not be used by it.
PREPARE = f"""
CREATE TEMP TABLE named ON COMMIT DROP AS
WITH hotline AS (SELECT phone FROM cut, unnest(phones) AS phone GROUP BY phone HAVING count(*) > {HOTLINE})
SELECT cut.id, cut.grams, shop.location,
       ARRAY(SELECT phone FROM unnest(cut.phones) AS phone EXCEPT SELECT phone FROM hotline) AS phones
FROM cut JOIN merchants_shop shop USING (id);
CREATE INDEX ON named USING gist (location);
CREATE INDEX ON named (id);
ANALYZE named
"""  # noqa: S608 - a number of our own

NEIGHBOURS = f"""
SELECT a.id, b.id, ST_Distance(a.location, b.location), a.phones && b.phones
FROM named a JOIN named b ON b.id > a.id AND ST_DWithin(a.location, b.location, {WITHIN_M})
WHERE a.id BETWEEN %s AND %s AND (
    a.phones && b.phones
    OR a.grams && b.grams AND (
        SELECT count(*) FROM unnest(a.grams) AS g WHERE g = ANY (b.grams)
    ) >= {SHARED} * least(cardinality(a.grams), cardinality(b.grams)))
"""  # noqa: S608 - numbers of our own


def _neighbours(first: int, last: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, [first, last])
        return cursor.fetchall()
