"""A spend reads no more lots than it takes from, in the order of their index: a card may hold thousands."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

held = import_module("loyalty.migrations.0020_what_is_held_is_not_taken_back")

# What somebody spends is taken from what expires first. Only debits that name an entry, or that may take
# points that still wait, have an order of their own and look at every open lot for it.
WRITE = held.WRITE.replace(
    "    after bigint;\n",
    "    after bigint;\n    ids bigint[] := '{}';\n    parts bigint[] := '{}';\n"
    "    wanted bigint := -amount;\n    found record;\n",
).replace(
    "    ELSE\n        -- a debit takes",
    """    ELSIF coalesce(reverses, own) IS NULL AND kind IN ('spent', 'adjusted') THEN
        FOR found IN
            SELECT l.id, l.remaining FROM loyalty_lot l
            WHERE l.account_id = held.id AND l.remaining > 0
              AND (l.usable_from IS NULL OR l.usable_from <= moment)
            ORDER BY l.expires_at, l.id
        LOOP
            ids := ids || found.id;
            parts := parts || least(found.remaining, wanted);
            wanted := wanted - least(found.remaining, wanted);
            EXIT WHEN wanted = 0;
        END LOOP;
        INSERT INTO loyalty_allocation (merchant_id, entry_id, lot_id, amount)
        SELECT held.merchant_id, entry, taken.id, taken.part FROM unnest(ids, parts) AS taken (id, part);
        UPDATE loyalty_lot l SET remaining = l.remaining - a.amount
        FROM loyalty_allocation a WHERE a.entry_id = entry AND a.lot_id = l.id;
    ELSE
        -- a debit takes""",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0023_what_is_ripe_is_noticed")]

    operations: ClassVar = [migrations.RunSQL(WRITE, held.WRITE)]
