"""A till without a network takes coupons on trust, as far as its owner allows; they arrive once."""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

walls = import_module("coupons.migrations.0002_claims")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("coupons", "0009_paper_batches"),
        ("merchants", "0017_listings_group"),
        ("orders", "0009_visits_pay"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="OfflineRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("most_waiting", models.PositiveSmallIntegerField(default=10)),
                ("most_off", models.PositiveIntegerField(default=5000)),
                ("hours", models.PositiveSmallIntegerField(default=4)),
                (
                    "merchant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offline_rule",
                        to="merchants.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule for tills without a network",
                "verbose_name_plural": "rules for tills without a network",
            },
        ),
        migrations.CreateModel(
            name="OfflineRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("is_on", models.BooleanField(default=True)),
                ("most_waiting", models.PositiveSmallIntegerField(default=10)),
                ("most_off", models.PositiveIntegerField(default=5000)),
                ("hours", models.PositiveSmallIntegerField(default=4)),
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
                        to="orders.offlinerule",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OfflineUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nonce", models.UUIDField()),
                ("grant", models.CharField(max_length=32)),
                ("code", models.CharField(max_length=200)),
                ("bill", models.PositiveIntegerField()),
                ("given", models.PositiveIntegerField()),
                ("used_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("settled", "settled"),
                            ("conflict", "to be looked at"),
                            ("counted", "counted without the coupon"),
                            ("set_aside", "set aside"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=dict)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coupon",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="coupons.coupon",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "sale",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_as",
                        to="orders.purchase",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.shop"
                    ),
                ),
            ],
            options={
                "verbose_name": "coupon taken without a network",
                "verbose_name_plural": "coupons taken without a network",
            },
        ),
        migrations.CreateModel(
            name="OfflineUseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("nonce", models.UUIDField()),
                ("grant", models.CharField(max_length=32)),
                ("code", models.CharField(max_length=200)),
                ("bill", models.PositiveIntegerField()),
                ("given", models.PositiveIntegerField()),
                ("used_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("settled", "settled"),
                            ("conflict", "to be looked at"),
                            ("counted", "counted without the coupon"),
                            ("set_aside", "set aside"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=dict)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
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
                    "coupon",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="coupons.coupon",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="orders.offlineuse",
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="orders.purchase",
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
        migrations.AddConstraint(
            model_name="offlinerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("most_waiting__range", (1, 50)), ("most_off__gt", 0), ("hours__range", (1, 24))
                ),
                name="offline_rule_in_bounds",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offlinerule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "orders_offlineruleevent" ("hours", "id", "is_on", "merchant_id", "most_off", "most_waiting", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."hours", NEW."id", NEW."is_on", NEW."merchant_id", NEW."most_off", NEW."most_waiting", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="3262232faae14857052e3bdb75ede31795f5fd02",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0465c",
                    table="orders_offlinerule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offlinerule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "orders_offlineruleevent" ("hours", "id", "is_on", "merchant_id", "most_off", "most_waiting", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."hours", NEW."id", NEW."is_on", NEW."merchant_id", NEW."most_off", NEW."most_waiting", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="8b912f056c3d1270c14680fe9e5bd08a4796145b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_38c25",
                    table="orders_offlinerule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offlinerule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "orders_offlineruleevent" ("hours", "id", "is_on", "merchant_id", "most_off", "most_waiting", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."hours", OLD."id", OLD."is_on", OLD."merchant_id", OLD."most_off", OLD."most_waiting", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="f74bfcb61e93ef183f908a06f9521c2af0d318b2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6fd4d",
                    table="orders_offlinerule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="offlineuse",
            index=models.Index(
                condition=models.Q(("state", "conflict")),
                fields=["merchant", "-used_at"],
                name="offline_use_to_be_looked_at",
            ),
        ),
        migrations.AddIndex(
            model_name="offlineuse",
            index=models.Index(fields=["grant", "used_at"], name="offline_use_by_till"),
        ),
        migrations.AddConstraint(
            model_name="offlineuse",
            constraint=models.UniqueConstraint(fields=("merchant", "nonce"), name="offline_use_arrives_once"),
        ),
        migrations.AddConstraint(
            model_name="offlineuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("given__gt", 0), ("given__lte", models.F("bill"))),
                name="offline_use_gives_within_its_bill",
            ),
        ),
        migrations.AddConstraint(
            model_name="offlineuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sale__isnull", False), ("state__in", ["settled", "counted"])),
                    models.Q(("given", models.F("bill")), ("sale", None), ("state", "counted")),
                    models.Q(("sale", None), ("state__in", ["conflict", "set_aside"])),
                    _connector="OR",
                ),
                name="offline_use_counted_has_its_sale",
            ),
        ),
        migrations.AddConstraint(
            model_name="offlineuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", None), ("state__in", ["settled", "conflict"])),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["counted", "set_aside"]),
                    ),
                    _connector="OR",
                ),
                name="offline_use_is_decided_by_somebody",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offlineuse",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "orders_offlineuseevent" ("arrived_at", "bill", "by_id", "code", "coupon_id", "decided_at", "decided_by_id", "given", "grant", "id", "merchant_id", "nonce", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "sale_id", "shop_id", "state", "used_at") VALUES (NEW."arrived_at", NEW."bill", NEW."by_id", NEW."code", NEW."coupon_id", NEW."decided_at", NEW."decided_by_id", NEW."given", NEW."grant", NEW."id", NEW."merchant_id", NEW."nonce", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reasons", NEW."sale_id", NEW."shop_id", NEW."state", NEW."used_at"); RETURN NULL;',
                    hash="5f7633a5ea7180693de6c07132ce5664a29d3344",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_52645",
                    table="orders_offlineuse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offlineuse",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "orders_offlineuseevent" ("arrived_at", "bill", "by_id", "code", "coupon_id", "decided_at", "decided_by_id", "given", "grant", "id", "merchant_id", "nonce", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "sale_id", "shop_id", "state", "used_at") VALUES (OLD."arrived_at", OLD."bill", OLD."by_id", OLD."code", OLD."coupon_id", OLD."decided_at", OLD."decided_by_id", OLD."given", OLD."grant", OLD."id", OLD."merchant_id", OLD."nonce", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reasons", OLD."sale_id", OLD."shop_id", OLD."state", OLD."used_at"); RETURN NULL;',
                    hash="50dc65ea1ff3b0c228138ec6e994985977b14d75",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f364d",
                    table="orders_offlineuse",
                    when="AFTER",
                ),
            ),
        ),
        walls.wall(
            "orders_offlineuse",
            "offline_use_stays_with_its_coupon",
            "merchant_id, coupon_id",
            "coupons_coupon",
        ),
    ]
