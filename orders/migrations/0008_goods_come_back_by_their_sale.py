"""Goods come back of a sale that is known: its lines say which points they earned, also those of earlier sales."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Shared by what was paid for each line, evenly where nothing was; the shares of a sale sum to its points.
SHARE = """
UPDATE orders_purchaseline l SET points = s.points FROM (
    SELECT id, points * through / whole - points * (through - weight) / whole AS points FROM (
        SELECT w.id, w.points, w.weight, sum(w.weight) OVER (PARTITION BY w.purchase_id) AS whole,
            sum(w.weight) OVER (PARTITION BY w.purchase_id ORDER BY w.id) AS through
        FROM (
            SELECT k.id, k.purchase_id, p.points,
                CASE WHEN p.paid = 0 THEN 1 ELSE k.amount - k.discount END::bigint AS weight
            FROM orders_purchaseline k JOIN orders_purchase p ON p.id = k.purchase_id WHERE p.points > 0
        ) w
    ) f
) s WHERE s.id = l.id AND s.points > 0
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("orders", "0007_tenders"),
    ]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="purchase",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="purchase",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="return",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="return",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="return",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="purchase",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseevent",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseline",
            name="points",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="return",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returns",
                to="orders.purchaseline",
            ),
        ),
        migrations.AddField(
            model_name="returnevent",
            name="line",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="orders.purchaseline",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchase",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "orders_purchaseevent" ("bill", "by_id", "card_id", "customer_id", "discount", "entry_id", "id", "key", "made_at", "merchant_id", "paid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "redemption_id", "returned_at", "shop_id", "token", "undo_reason", "undone_at", "undone_by_id") VALUES (NEW."bill", NEW."by_id", NEW."card_id", NEW."customer_id", NEW."discount", NEW."entry_id", NEW."id", NEW."key", NEW."made_at", NEW."merchant_id", NEW."paid", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."points", NEW."redemption_id", NEW."returned_at", NEW."shop_id", NEW."token", NEW."undo_reason", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                    hash="2e851daf5fd1b4ab420216cb8e5b5857914a5047",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a5ec8",
                    table="orders_purchase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchase",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "orders_purchaseevent" ("bill", "by_id", "card_id", "customer_id", "discount", "entry_id", "id", "key", "made_at", "merchant_id", "paid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "redemption_id", "returned_at", "shop_id", "token", "undo_reason", "undone_at", "undone_by_id") VALUES (OLD."bill", OLD."by_id", OLD."card_id", OLD."customer_id", OLD."discount", OLD."entry_id", OLD."id", OLD."key", OLD."made_at", OLD."merchant_id", OLD."paid", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."points", OLD."redemption_id", OLD."returned_at", OLD."shop_id", OLD."token", OLD."undo_reason", OLD."undone_at", OLD."undone_by_id"); RETURN NULL;',
                    hash="e1019415c262fb4d5d0a3201836491f4683bd91c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d15c9",
                    table="orders_purchase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "orders_returnevent" ("amount", "by_id", "card_id", "customer_id", "id", "key", "line_id", "made_at", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "reason", "shop_id") VALUES (NEW."amount", NEW."by_id", NEW."card_id", NEW."customer_id", NEW."id", NEW."key", NEW."line_id", NEW."made_at", NEW."merchant_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."points", NEW."reason", NEW."shop_id"); RETURN NULL;',
                    hash="8e92643342423eeb5a8bde2e88adbcd9fd8a4b9d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_53ecf",
                    table="orders_return",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "orders_returnevent" ("amount", "by_id", "card_id", "customer_id", "id", "key", "line_id", "made_at", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "reason", "shop_id") VALUES (NEW."amount", NEW."by_id", NEW."card_id", NEW."customer_id", NEW."id", NEW."key", NEW."line_id", NEW."made_at", NEW."merchant_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."points", NEW."reason", NEW."shop_id"); RETURN NULL;',
                    hash="f7d76a2517e088a4c2fb56590f7242ef6f35c7f9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_797a8",
                    table="orders_return",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "orders_returnevent" ("amount", "by_id", "card_id", "customer_id", "id", "key", "line_id", "made_at", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "reason", "shop_id") VALUES (OLD."amount", OLD."by_id", OLD."card_id", OLD."customer_id", OLD."id", OLD."key", OLD."line_id", OLD."made_at", OLD."merchant_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."points", OLD."reason", OLD."shop_id"); RETURN NULL;',
                    hash="8fa5c2af175fc435b382906f48d0ed334a0fc3a8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_653c7",
                    table="orders_return",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(SHARE, migrations.RunSQL.noop),
    ]
