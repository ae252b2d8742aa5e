"""Every entry carries the balance that it left, so that a page of a statement costs the same at any length."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations, models

first = import_module("loyalty.migrations.0002_ledger")
REPLACE = ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# The row of the account is updated, thereby locked, before the entry takes its number: along the numbers of
# one account the balances follow one another.
WRITE = (
    first.WRITE.replace(*REPLACE)
    .replace("    entry bigint;\n", "    entry bigint;\n    after bigint;\n")
    .replace(" WHERE a.id = held.id;", " WHERE a.id = held.id\n    RETURNING a.balance INTO after;")
    .replace("reverses_id, created_at)", "reverses_id, created_at, balance_after)")
    .replace("note, reverses, moment)\n    RETURNING id", "note, reverses, moment, after)\n    RETURNING id")
)

# Entries are written once; this once they learn what they didn't say when they were written.
LEARN = """
ALTER TABLE loyalty_entry DISABLE TRIGGER USER;
UPDATE loyalty_entry e SET balance_after = s.after
FROM (SELECT id, sum(amount) OVER (PARTITION BY account_id ORDER BY id) AS after FROM loyalty_entry) s
WHERE s.id = e.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE loyalty_entry ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0016_faces_and_media")]

    operations: ClassVar = [
        migrations.AddField("entry", "balance_after", models.BigIntegerField(null=True)),
        migrations.RunSQL(LEARN, migrations.RunSQL.noop),
        migrations.AlterField("entry", "balance_after", models.BigIntegerField()),
        migrations.RunSQL(WRITE, first.WRITE.replace(*REPLACE)),
    ]
