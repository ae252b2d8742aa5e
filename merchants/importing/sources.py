"""Where each imported fact comes from; and what an import must not touch: facts that people gave."""

from typing import Any

# The columns that belong to a fact; search goes by name and category, the clock by the place and the hours.
FACTS = {
    "name": ("name", "name_en", "search_text", "bigrams"),
    "category": ("category_id", "search_text", "bigrams"),
    "location": ("lon", "lat", "time_zone"),
    "address": ("address",),
    "hours": ("hours", "opens_at", "closes_at", "next_change_at"),
    "phone": ("phone",),
}
SHOWN = {"lon": "ST_X(shop.location::geometry)", "lat": "ST_Y(shop.location::geometry)"}
WHOSE = "shop.source = %(source)s AND shop.source_id = incoming.source_id AND shop.merchant_id IS NULL"
# A listing has a name, a category and a place at least; what else it says depends on the file.
SAID = (
    "(fact IN ('name', 'category', 'location') OR fact = 'address' AND shop.address <> ''"
    " OR fact = 'hours' AND shop.hours <> '' OR fact = 'phone' AND shop.phone <> '')"
)


def keep_what_people_gave(cursor: Any, source: str) -> None:
    """What a visitor or our staff corrected stands in the staging table as it stands on the listing."""
    for fact, columns in FACTS.items():
        kept = ", ".join(f"{column} = {SHOWN.get(column, f'shop.{column}')}" for column in columns)
        cursor.execute(
            f"UPDATE incoming SET {kept} FROM merchants_shop shop"  # noqa: S608 - our own names
            " JOIN merchants_provenance p ON p.shop_id = shop.id AND p.fact = %(fact)s"
            f" AND p.origin <> 'opendata' WHERE {WHOSE}",
            {"source": source, "fact": fact},
        )


def note_changed(cursor: Any, source: str) -> None:
    """Before the listings are written: a fact that will read otherwise begins anew, without confirmations."""
    for fact, columns in FACTS.items():
        column = columns[0]
        differs = (
            "(lon, lat) IS DISTINCT FROM (ST_X(shop.location::geometry), ST_Y(shop.location::geometry))"
            if fact == "location"
            else f"incoming.{column} IS DISTINCT FROM shop.{column}"
        )
        cursor.execute(
            "DELETE FROM merchants_provenance p USING incoming, merchants_shop shop"  # noqa: S608
            f" WHERE p.shop_id = shop.id AND p.fact = %(fact)s AND p.origin = 'opendata' AND {WHOSE}"
            f" AND {differs}",
            {"source": source, "fact": fact},
        )


def note_new(cursor: Any, source: str) -> None:
    """After they are written: every fact without a source has this one."""
    cursor.execute(
        "INSERT INTO merchants_provenance (shop_id, fact, origin, source, licence, accepted_as, noted_at,"  # noqa: S608
        " confirmations)"
        " SELECT shop.id, fact, 'opendata', shop.source, shop.source_licence, '', now(), 0"
        " FROM incoming JOIN merchants_shop shop ON shop.source = %(source)s"
        " AND shop.source_id = incoming.source_id AND shop.merchant_id IS NULL"
        f" CROSS JOIN unnest(%(facts)s::text[]) AS fact WHERE {SAID}"
        " ON CONFLICT (shop_id, fact) DO NOTHING",
        {"source": source, "facts": list(FACTS)},
    )
