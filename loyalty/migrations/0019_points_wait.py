"""Points of a sale may wait for some days: on the card, but out of reach of every spend."""

from importlib import import_module
from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

kinds = import_module("loyalty.migrations.0005_ledger_of_many_kinds")
write = import_module("loyalty.migrations.0017_entries_say_their_balance")
terms = import_module("loyalty.migrations.0015_terms_know_stamps")
REPLACE = ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# What is promised to something under way: living holds, of which one may be left out.
KEPT = kinds.HELD.replace("loyalty_held", "loyalty_kept")

# What no debit may touch: that, and points that only wait, but for those of one entry.
HELD = """
CREATE OR REPLACE FUNCTION loyalty_held(account bigint, moment timestamptz, but bigint, own bigint DEFAULT NULL)
RETURNS bigint LANGUAGE sql AS $$
    SELECT loyalty_kept(account, moment, but) + coalesce((
        SELECT sum(l.remaining) FROM loyalty_lot l
        WHERE l.account_id = account AND l.remaining > 0 AND l.usable_from > moment
          AND l.entry_id IS DISTINCT FROM own
    ), 0)::bigint
$$
"""

# A debit takes what it reverses or comes back for first, then what expires first. Points that wait are taken
# last, and only by what nobody chooses: goods that came back, points that are owed, two cards that become one.
WRITE = (
    write.WRITE.replace(
        "moment timestamptz\n) RETURNS",
        "moment timestamptz,\n    usable timestamptz DEFAULT NULL, own bigint DEFAULT NULL\n) RETURNS",
    )
    .replace("amount, remaining, expires_at)", "amount, remaining, expires_at, usable_from)")
    .replace("entry, amount, amount, expires)", "entry, amount, amount, expires, usable)")
    .replace(
        "ORDER BY l.entry_id IS NOT DISTINCT FROM reverses DESC,",
        "ORDER BY l.entry_id IS NOT DISTINCT FROM coalesce(reverses, own) DESC,\n"
        "                            coalesce(l.usable_from > moment, false),",
    )
    .replace(
        "l.account_id = held.id AND l.remaining > 0\n        ) o",
        "l.account_id = held.id AND l.remaining > 0 AND (\n"
        "                l.usable_from IS NULL OR l.usable_from <= moment OR l.entry_id = reverses\n"
        "                OR kind IN ('clawed', 'settled', 'moved'))\n        ) o",
    )
)

SETTLE = kinds.SETTLE.replace(*REPLACE).replace("loyalty_held", "loyalty_kept")

POST = (
    kinds.POST.replace("hold bigint\n)", "hold bigint, usable timestamptz\n)")
    .replace("    earlier bigint;\nBEGIN", "    earlier bigint;\n    kept bigint;\nBEGIN")
    .replace(
        "        IF held.balance - loyalty_held(held.id, moment, hold) + amount < 0 THEN",
        "        kept := CASE WHEN kind = 'moved' THEN loyalty_kept(held.id, moment, hold)\n"
        "            ELSE loyalty_held(held.id, moment, hold, reverses) END;\n"
        "        IF held.balance - kept + amount < 0 THEN",
    )
    .replace("held.balance - loyalty_held(held.id, moment, hold);", "held.balance - kept;")
    .replace("reverses, expires, moment);", "reverses, expires, moment, usable);")
)

CLAW = (
    kinds.CLAW.replace("moment timestamptz\n)", "moment timestamptz, own bigint\n)")
    .replace("loyalty_held", "loyalty_kept")
    .replace(
        "note, NULL, NULL, moment);\n    END IF;\n    IF owed",
        "note, NULL, NULL, moment, NULL, own);\n    END IF;\n    IF owed",
    )
)

TERMS = terms.TERMS.replace(
    "'points', coalesce((",
    """'waits', coalesce(e.waits, 0),
        'waiting', coalesce((
            SELECT sum(l.remaining) FROM loyalty_lot l JOIN loyalty_account a ON a.id = l.account_id
            WHERE a.card_id = c.id AND a.kind = 'points' AND l.remaining > 0 AND l.usable_from > now()
        ), 0),
        'points', coalesce((""",
).replace(
    "l.remaining > 0 AND l.expires_at <= now()\n",
    "l.remaining > 0 AND (l.expires_at <= now() OR l.usable_from > now())\n",
)

WRITTEN_BY = (
    "loyalty_account, bigint, text, uuid, bigint, bigint, text, text, bigint, timestamptz, timestamptz"
)
POSTED_BY = f"{kinds.ARGUMENTS}, bigint"
CLAWED_BY = "bigint, bigint, uuid, bigint, bigint, text, text, timestamptz"
FUNCTIONS = [
    (KEPT, "DROP FUNCTION loyalty_kept"),
    ("DROP FUNCTION loyalty_held", kinds.HELD),
    (HELD, "DROP FUNCTION loyalty_held"),
    (f"DROP FUNCTION loyalty_write({WRITTEN_BY})", write.WRITE),
    (WRITE, f"DROP FUNCTION loyalty_write({WRITTEN_BY}, timestamptz, bigint)"),
    (SETTLE, kinds.SETTLE.replace(*REPLACE)),
    (f"DROP FUNCTION loyalty_post({POSTED_BY})", kinds.POST),
    (POST, f"DROP FUNCTION loyalty_post({POSTED_BY}, timestamptz)"),
    (f"DROP FUNCTION loyalty_claw({CLAWED_BY})", kinds.CLAW),
    (CLAW, f"DROP FUNCTION loyalty_claw({CLAWED_BY}, bigint)"),
    (TERMS, terms.TERMS),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0018_a_shop_owes_no_more_than_its_limit"),
        ("merchants", "0017_listings_group"),
    ]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="earningrule",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="earningrule",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="earningrule",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="earningrule",
            name="waits",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="points of a sale can be used after (days)"
            ),
        ),
        migrations.AddField(
            model_name="earningruleevent",
            name="waits",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="points of a sale can be used after (days)"
            ),
        ),
        migrations.AddField(
            model_name="lot",
            name="usable_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("remaining__gt", 0), ("usable_from__isnull", False)),
                fields=["account", "usable_from"],
                name="lot_that_waits",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="earningrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "loyalty_earningruleevent" ("basis", "each", "every", "excluded", "id", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "rounding", "waits", "weekdays") VALUES (NEW."basis", NEW."each", NEW."every", NEW."excluded", NEW."id", NEW."merchant_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."rounding", NEW."waits", NEW."weekdays"); RETURN NULL;',
                    hash="928cc5f86dfeb3a5a687d1202c711865112859e4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d2fb3",
                    table="loyalty_earningrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="earningrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "loyalty_earningruleevent" ("basis", "each", "every", "excluded", "id", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "rounding", "waits", "weekdays") VALUES (NEW."basis", NEW."each", NEW."every", NEW."excluded", NEW."id", NEW."merchant_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."rounding", NEW."waits", NEW."weekdays"); RETURN NULL;',
                    hash="78686ebf3eb851ed6e36ae80e2cea1a065fab691",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d70de",
                    table="loyalty_earningrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="earningrule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "loyalty_earningruleevent" ("basis", "each", "every", "excluded", "id", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "rounding", "waits", "weekdays") VALUES (OLD."basis", OLD."each", OLD."every", OLD."excluded", OLD."id", OLD."merchant_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."rounding", OLD."waits", OLD."weekdays"); RETURN NULL;',
                    hash="5d3d6396da463b6796895972d50793fc575281b8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_56e13",
                    table="loyalty_earningrule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="earningrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("waits__lte", 90)), name="points_wait_no_longer_than_ninety_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usable_from", None),
                    ("expires_at", None),
                    ("expires_at__gt", models.F("usable_from")),
                    _connector="OR",
                ),
                name="lot_can_be_used_before_it_expires",
            ),
        ),
        *(migrations.RunSQL(forth, back) for forth, back in FUNCTIONS),
    ]
