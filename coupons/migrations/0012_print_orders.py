"""Orders of paper coupons from the platform; each stays with its merchant’s batch."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

WALL = import_module("coupons.migrations.0002_claims").wall


class Migration(migrations.Migration):
    dependencies = [
        ("coupons", "0011_claims_know_their_way"),
        ("merchants", "0017_listings_group"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("printing", "In print"),
                            ("sent", "On its way"),
                            ("received", "Received"),
                            ("refused", "Refused"),
                        ],
                        default="requested",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("address", models.CharField(max_length=200, verbose_name="send to")),
                ("wish", models.CharField(blank=True, max_length=200, verbose_name="wish")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="asked for"
                    ),
                ),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="coupons.paperbatch",
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
                    "moved_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "order of paper coupons",
                "verbose_name_plural": "orders of paper coupons",
            },
        ),
        migrations.CreateModel(
            name="PaperOrderEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("printing", "In print"),
                            ("sent", "On its way"),
                            ("received", "Received"),
                            ("refused", "Refused"),
                        ],
                        default="requested",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("address", models.CharField(max_length=200, verbose_name="send to")),
                ("wish", models.CharField(blank=True, max_length=200, verbose_name="wish")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="asked for"
                    ),
                ),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="coupons.paperbatch",
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
                    "moved_by",
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
                        to="coupons.paperorder",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="paperorder",
            index=models.Index(
                condition=models.Q(("state__in", ["requested", "printing"])),
                fields=["asked_at"],
                name="paper_order_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="refused_paper_order_says_why",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperorder",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "coupons_paperorderevent" ("address", "asked_at", "asked_by_id", "batch_id", "id", "merchant_id", "moved_at", "moved_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state", "wish") VALUES (NEW."address", NEW."asked_at", NEW."asked_by_id", NEW."batch_id", NEW."id", NEW."merchant_id", NEW."moved_at", NEW."moved_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."state", NEW."wish"); RETURN NULL;',
                    hash="fb24f5fee5ae1cbdb0cee34425d0454aabfaba73",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_95de2",
                    table="coupons_paperorder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paperorder",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "coupons_paperorderevent" ("address", "asked_at", "asked_by_id", "batch_id", "id", "merchant_id", "moved_at", "moved_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state", "wish") VALUES (OLD."address", OLD."asked_at", OLD."asked_by_id", OLD."batch_id", OLD."id", OLD."merchant_id", OLD."moved_at", OLD."moved_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."state", OLD."wish"); RETURN NULL;',
                    hash="7b9e898ec4cc391d558bb513c5c239e4163d453a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_423c6",
                    table="coupons_paperorder",
                    when="AFTER",
                ),
            ),
        ),
        WALL(
            "coupons_paperorder",
            "paper_order_stays_with_its_batch",
            "merchant_id, batch_id",
            "coupons_paperbatch",
        ),
    ]
