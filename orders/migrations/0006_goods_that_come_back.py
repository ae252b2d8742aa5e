"""Goods that come back without a receipt; bills of many thousand pieces; walls around both."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0007_members_come_and_merge"),
        ("merchants", "0017_listings_group"),
        ("orders", "0005_savings_of_a_sale"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="purchaseline",
            name="quantity",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.PositiveIntegerField()),
                ("points", models.PositiveIntegerField(default=0)),
                ("key", models.UUIDField()),
                ("reason", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="loyalty.card",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="merchants.customer",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="merchants.shop",
                    ),
                ),
            ],
            options={
                "verbose_name": "return of goods",
                "verbose_name_plural": "returns of goods",
            },
        ),
        migrations.CreateModel(
            name="ReturnEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("amount", models.PositiveIntegerField()),
                ("points", models.PositiveIntegerField(default=0)),
                ("key", models.UUIDField()),
                ("reason", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="loyalty.card",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="merchants.customer",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="orders.return",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="merchants.shop",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["merchant", "-made_at", "id"], name="return_by_time"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(fields=("merchant", "key"), name="return_once_per_key"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="return_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("points", 0), models.Q(("card", None), _negated=True), _connector="OR"),
                name="return_takes_points_from_a_card",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "orders_returnevent" ("amount", "by_id", "card_id", "customer_id", "id", "key", "made_at", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "reason", "shop_id") VALUES (NEW."amount", NEW."by_id", NEW."card_id", NEW."customer_id", NEW."id", NEW."key", NEW."made_at", NEW."merchant_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."points", NEW."reason", NEW."shop_id"); RETURN NULL;',
                    hash="16b77e3ad28e812201ea066495cc503880b109a8",
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
                    func='INSERT INTO "orders_returnevent" ("amount", "by_id", "card_id", "customer_id", "id", "key", "made_at", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "reason", "shop_id") VALUES (NEW."amount", NEW."by_id", NEW."card_id", NEW."customer_id", NEW."id", NEW."key", NEW."made_at", NEW."merchant_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."points", NEW."reason", NEW."shop_id"); RETURN NULL;',
                    hash="7f46954728c9af52a20abc7e88187b430db59a70",
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
                    func='INSERT INTO "orders_returnevent" ("amount", "by_id", "card_id", "customer_id", "id", "key", "made_at", "merchant_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "reason", "shop_id") VALUES (OLD."amount", OLD."by_id", OLD."card_id", OLD."customer_id", OLD."id", OLD."key", OLD."made_at", OLD."merchant_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."points", OLD."reason", OLD."shop_id"); RETURN NULL;',
                    hash="ddfa719f6a71fa32792939a9a47fa6ffc4220e95",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_653c7",
                    table="orders_return",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE orders_return ADD CONSTRAINT return_stays_with_its_card"
            " FOREIGN KEY (merchant_id, card_id) REFERENCES loyalty_card (merchant_id, id)",
            "ALTER TABLE orders_return DROP CONSTRAINT return_stays_with_its_card",
        ),
        migrations.RunSQL(
            "ALTER TABLE orders_return ADD CONSTRAINT return_stays_with_its_customer"
            " FOREIGN KEY (merchant_id, customer_id) REFERENCES merchants_customer (merchant_id, id)",
            "ALTER TABLE orders_return DROP CONSTRAINT return_stays_with_its_customer",
        ),
    ]
