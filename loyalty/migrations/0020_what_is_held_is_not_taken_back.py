"""Points that are taken back or pay off a debt leave alone what a living hold was promised."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

waits = import_module("loyalty.migrations.0019_points_wait")
REPLACE = ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# A hold is captured from points that can be used: while one lives, those that only wait go first.
WRITE = waits.WRITE.replace(*REPLACE).replace(
    "ORDER BY l.entry_id IS NOT DISTINCT FROM coalesce(reverses, own) DESC,\n",
    "ORDER BY coalesce(l.usable_from > moment, false) AND kind IN ('clawed', 'settled')\n"
    "                                AND loyalty_kept(held.id, moment, NULL) > 0 DESC,\n"
    "                            l.entry_id IS NOT DISTINCT FROM coalesce(reverses, own) DESC,\n",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0019_points_wait")]

    operations: ClassVar = [migrations.RunSQL(WRITE, waits.WRITE.replace(*REPLACE))]
