"""Visit passes: what is sold, what lies on cards, each visit used; a pass's visits are its own in the ledger."""

from importlib import import_module
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

first = import_module("loyalty.migrations.0002_ledger")
kinds = import_module("loyalty.migrations.0005_ledger_of_many_kinds")
waits = import_module("loyalty.migrations.0019_points_wait")

# Of visits a debit takes those of its own pass and no others: of the entry that it names or reverses.
POST = (
    waits.POST.replace("usable timestamptz\n)", "usable timestamptz, own bigint DEFAULT NULL\n)")
    .replace(
        "        IF held.balance - kept + amount < 0 THEN",
        "        IF value = 'visits' AND kind <> 'moved' THEN\n"
        "            SELECT held.balance - coalesce(sum(l.remaining), 0) INTO kept FROM loyalty_lot l\n"
        "            WHERE l.account_id = held.id AND l.entry_id = coalesce(own, reverses);\n"
        "        END IF;\n"
        "        IF held.balance - kept + amount < 0 THEN",
    )
    .replace("reverses, expires, moment, usable);", "reverses, expires, moment, usable, own);")
)
POSTED_BY = f"{waits.POSTED_BY}, timestamptz"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0021_imported_levels"),
        ("merchants", "0017_listings_group"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="refund",
            name="visits",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="approval",
            name="value",
            field=models.CharField(
                choices=[("money", "balance"), ("points", "points"), ("visits", "visits of a pass")],
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("earned", "Earned"),
                    ("spent", "Spent"),
                    ("reversed", "Taken back"),
                    ("expired", "Expired"),
                    ("adjusted", "Adjusted"),
                    ("opening", "Brought over"),
                    ("moved", "Moved between cards"),
                    ("topped_up", "Topped up"),
                    ("granted", "Bonus"),
                    ("refunded", "Refunded"),
                    ("bought", "Bought"),
                    ("clawed", "Taken back for returned goods"),
                    ("settled", "Points owed, paid off"),
                ],
                max_length=9,
            ),
        ),
        migrations.CreateModel(
            name="PassOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                ("visits", models.PositiveSmallIntegerField(default=10, verbose_name="visits")),
                ("price", models.PositiveIntegerField(verbose_name="price")),
                (
                    "months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="good for (months)"),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "shops",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "needs_pin",
                    models.BooleanField(
                        default=False, verbose_name="the customer agrees to each visit with the PIN"
                    ),
                ),
                ("key", models.UUIDField()),
                ("is_on", models.BooleanField(default=True, verbose_name="sold")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pass_offers",
                        to="loyalty.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit pass on sale",
                "verbose_name_plural": "visit passes on sale",
            },
        ),
        migrations.CreateModel(
            name="PassOfferEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                ("visits", models.PositiveSmallIntegerField(default=10, verbose_name="visits")),
                ("price", models.PositiveIntegerField(verbose_name="price")),
                (
                    "months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="good for (months)"),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "shops",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "needs_pin",
                    models.BooleanField(
                        default=False, verbose_name="the customer agrees to each visit with the PIN"
                    ),
                ),
                ("key", models.UUIDField()),
                ("is_on", models.BooleanField(default=True, verbose_name="sold")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                        to="loyalty.passoffer",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="loyalty.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VisitPass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("name_en", models.CharField(blank=True, max_length=60)),
                ("visits", models.PositiveSmallIntegerField()),
                ("paid", models.PositiveIntegerField()),
                ("unearned", models.PositiveIntegerField()),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "shops",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("token", models.CharField(max_length=16, unique=True)),
                ("key", models.UUIDField()),
                ("sold_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undo_reason", models.CharField(blank=True, max_length=120)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passes",
                        to="loyalty.card",
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit_pass",
                        to="loyalty.lot",
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
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passes",
                        to="loyalty.passoffer",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="merchants.shop",
                    ),
                ),
                (
                    "undone_by",
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
                "verbose_name": "visit pass",
                "verbose_name_plural": "visit passes",
            },
        ),
        migrations.CreateModel(
            name="PassVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("worth", models.PositiveIntegerField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pass_visit",
                        to="loyalty.entry",
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
                    "visit_pass",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used",
                        to="loyalty.visitpass",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit by a pass",
                "verbose_name_plural": "visits by passes",
            },
        ),
        migrations.AddField(
            model_name="refund",
            name="visit_pass",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="loyalty.visitpass",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("visit_pass", None), ("visits", 0)),
                    models.Q(("visit_pass__isnull", False), ("visits__gt", 0)),
                    _connector="OR",
                ),
                name="refund_of_a_pass_takes_its_visits",
            ),
        ),
        migrations.AddConstraint(
            model_name="passoffer",
            constraint=models.UniqueConstraint(fields=("programme", "key"), name="pass_offer_once_per_key"),
        ),
        migrations.AddConstraint(
            model_name="passoffer",
            constraint=models.UniqueConstraint(fields=("merchant", "id"), name="pass_offer_of_merchant"),
        ),
        migrations.AddConstraint(
            model_name="passoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("visits__gte", 2), ("visits__lte", 500)),
                name="pass_is_of_two_visits_at_least",
            ),
        ),
        migrations.AddConstraint(
            model_name="passoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", models.F("visits"))),
                name="each_visit_of_a_pass_costs_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="passoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("months", None), ("months__gte", 1), _connector="OR"),
                name="pass_is_good_for_a_month_at_least",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passoffer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "loyalty_passofferevent" ("created_at", "id", "is_on", "key", "merchant_id", "months", "name", "name_en", "needs_pin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "services", "shops", "visits") VALUES (NEW."created_at", NEW."id", NEW."is_on", NEW."key", NEW."merchant_id", NEW."months", NEW."name", NEW."name_en", NEW."needs_pin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."price", NEW."programme_id", NEW."services", NEW."shops", NEW."visits"); RETURN NULL;',
                    hash="4458bb2a07354c9294a12214cc87b975ba13ce6d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6a996",
                    table="loyalty_passoffer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passoffer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "loyalty_passofferevent" ("created_at", "id", "is_on", "key", "merchant_id", "months", "name", "name_en", "needs_pin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "services", "shops", "visits") VALUES (NEW."created_at", NEW."id", NEW."is_on", NEW."key", NEW."merchant_id", NEW."months", NEW."name", NEW."name_en", NEW."needs_pin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price", NEW."programme_id", NEW."services", NEW."shops", NEW."visits"); RETURN NULL;',
                    hash="2dc6955f3ff8be9cfb0b8a7c757259b86c10d50f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f49b5",
                    table="loyalty_passoffer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passoffer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "loyalty_passofferevent" ("created_at", "id", "is_on", "key", "merchant_id", "months", "name", "name_en", "needs_pin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "services", "shops", "visits") VALUES (OLD."created_at", OLD."id", OLD."is_on", OLD."key", OLD."merchant_id", OLD."months", OLD."name", OLD."name_en", OLD."needs_pin", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."price", OLD."programme_id", OLD."services", OLD."shops", OLD."visits"); RETURN NULL;',
                    hash="8cdc07b87e7ac0d505ccac98de5742f71b7d1df9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_16e54",
                    table="loyalty_passoffer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="visitpass",
            index=models.Index(fields=["merchant", "-sold_at", "-id"], name="pass_by_time"),
        ),
        migrations.AddConstraint(
            model_name="visitpass",
            constraint=models.UniqueConstraint(fields=("merchant", "key"), name="pass_sold_once_per_key"),
        ),
        migrations.AddConstraint(
            model_name="visitpass",
            constraint=models.UniqueConstraint(fields=("merchant", "id"), name="visit_pass_of_merchant"),
        ),
        migrations.AddConstraint(
            model_name="visitpass",
            constraint=models.CheckConstraint(
                condition=models.Q(("unearned__lte", models.F("paid"))),
                name="pass_earns_no_more_than_was_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitpass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="undone_pass_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="passvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("worth__gt", 0)), name="visit_by_a_pass_is_worth_something"
            ),
        ),
        first.wall("loyalty_visitpass", "pass_stays_with_its_card", "merchant_id, card_id", "loyalty_card"),
        first.wall(
            "loyalty_visitpass", "pass_stays_with_its_offer", "merchant_id, offer_id", "loyalty_passoffer"
        ),
        first.wall(
            "loyalty_passvisit",
            "visit_stays_with_its_pass",
            "merchant_id, visit_pass_id",
            "loyalty_visitpass",
        ),
        first.wall(
            "loyalty_refund", "refund_stays_with_its_pass", "merchant_id, visit_pass_id", "loyalty_visitpass"
        ),
        migrations.RunSQL(f"DROP FUNCTION loyalty_post({POSTED_BY})", waits.POST),
        migrations.RunSQL(POST, f"DROP FUNCTION loyalty_post({POSTED_BY}, bigint)"),
    ]
