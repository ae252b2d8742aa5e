"""Listings into the table of shops: staged by COPY, then one statement per batch that writes what differs."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from merchants.finding import vocabulary
from merchants.importing import sources
from merchants.importing.judging import COLUMNS, Listing

TYPES = {
    "category_id": "integer",
    "lon": "float8",
    "lat": "float8",
    "opens_at": "timestamptz",
    "closes_at": "timestamptz",
    "next_change_at": "timestamptz",
    "bigrams": "varchar(2)[]",
}
# What the file decides. The opening is worked out from the hours and moves on by itself, and the slug is
# where people's links point: neither makes a row differ.
DECIDED = (
    "category_id name name_en address phone time_zone hours search_text bigrams source_licence".split()  # noqa: SIM905
)
FOLLOWS = ("opens_at", "closes_at", "next_change_at")
PLACE = "ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography"
# about, cover, given_datum, headline, reached, published_at, is_listed
EMPTY = "'', '', 'WGS-84', '', 0, now(), true"


class Saved(NamedTuple):
    added: int
    changed: int
    claimed: int


def prepare() -> None:
    columns = ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.incoming")  # of an import before it in this transaction
        cursor.execute(f"CREATE TEMP TABLE incoming ({columns}) ON COMMIT DROP")


def take_stock() -> None:
    """Till an import ends the planner knows nothing of what it wrote, and would read whole tables again."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE merchants_shop, merchants_provenance, merchants_word")


def save(listings: Sequence[Listing], source: str) -> Saved:
    """Write a batch without repeated ids. What a merchant has claimed is left as its owner has it."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE incoming")
        with cursor.copy(f"COPY incoming ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for listing in listings:
                copy.write_row([getattr(listing, name) for name in COLUMNS])
        cursor.execute("ANALYZE incoming")  # else the joins below are planned for any number of rows
        sources.keep_what_people_gave(cursor, source)
        sources.note_changed(cursor, source)
        cursor.execute(_upsert(), {"source": source})
        new = [row[0] for row in cursor.fetchall()]
        sources.note_new(cursor, source)
        cursor.execute(
            "SELECT count(*) FROM merchants_shop JOIN incoming USING (source_id)"
            " WHERE source = %(source)s AND merchant_id IS NOT NULL",
            {"source": source},
        )
        claimed = cursor.fetchone()[0]
    vocabulary.learn_staged()
    return Saved(added=sum(new), changed=len(new) - sum(new), claimed=claimed)


def _upsert() -> str:
    """Columns are our own names. `xmax = 0` is true of a row that this statement inserted."""
    taken = [*DECIDED, *FOLLOWS]
    updates = ", ".join(f"{name} = excluded.{name}" for name in [*taken, "location"])
    differs = " OR ".join(f"shop.{name} IS DISTINCT FROM excluded.{name}" for name in DECIDED)
    return (
        f"INSERT INTO merchants_shop AS shop (source, source_id, slug, {', '.join(taken)}, location,"  # noqa: S608
        " about, cover, given_datum, headline, reached, published_at, is_listed)"
        f" SELECT %(source)s, source_id, slug, {', '.join(taken)}, {PLACE}, {EMPTY} FROM incoming"
        " ON CONFLICT (source, source_id) WHERE NOT (source_id = '')"
        f" DO UPDATE SET {updates} WHERE shop.merchant_id IS NULL AND ({differs}"
        # compared as bytes: `=` on geography compares boxes
        " OR ST_AsBinary(shop.location) IS DISTINCT FROM ST_AsBinary(excluded.location))"
        " RETURNING (xmax = 0)::int"
    )
