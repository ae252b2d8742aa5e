"""Passes are sold online where the merchant says so; several visits are used at one tap."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0024_a_spend_reads_what_it_takes"),
        ("merchants", "0017_listings_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="passoffer",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="passoffer",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="passoffer",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="passoffer",
            name="sold_online",
            field=models.BooleanField(db_default=False, default=False, verbose_name="also sold online"),
        ),
        migrations.AddField(
            model_name="passofferevent",
            name="sold_online",
            field=models.BooleanField(db_default=False, default=False, verbose_name="also sold online"),
        ),
        migrations.AddField(
            model_name="passvisit",
            name="visits",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name="visitpass",
            name="by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passoffer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "loyalty_passofferevent" ("created_at", "id", "is_on", "key", "merchant_id", "months", "name", "name_en", "needs_pin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "services", "shops", "sold_online", "visits") VALUES (NEW."created_at", NEW."id", NEW."is_on", NEW."key", NEW."merchant_id", NEW."months", NEW."name", NEW."name_en", NEW."needs_pin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."price", NEW."programme_id", NEW."services", NEW."shops", NEW."sold_online", NEW."visits"); RETURN NULL;',
                    hash="67cb5a6099b1493bb1c8c746d012fda666bb3307",
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
                    func='INSERT INTO "loyalty_passofferevent" ("created_at", "id", "is_on", "key", "merchant_id", "months", "name", "name_en", "needs_pin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "services", "shops", "sold_online", "visits") VALUES (NEW."created_at", NEW."id", NEW."is_on", NEW."key", NEW."merchant_id", NEW."months", NEW."name", NEW."name_en", NEW."needs_pin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price", NEW."programme_id", NEW."services", NEW."shops", NEW."sold_online", NEW."visits"); RETURN NULL;',
                    hash="de57c05893c3ec21d199de07b6c837bc75e507dc",
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
                    func='INSERT INTO "loyalty_passofferevent" ("created_at", "id", "is_on", "key", "merchant_id", "months", "name", "name_en", "needs_pin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "services", "shops", "sold_online", "visits") VALUES (OLD."created_at", OLD."id", OLD."is_on", OLD."key", OLD."merchant_id", OLD."months", OLD."name", OLD."name_en", OLD."needs_pin", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."price", OLD."programme_id", OLD."services", OLD."shops", OLD."sold_online", OLD."visits"); RETURN NULL;',
                    hash="8058e470eb6f7c640ea373237d415a2a61492660",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_16e54",
                    table="loyalty_passoffer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="passvisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("visits__gte", 1)), name="at_one_tap_one_visit_at_least"
            ),
        ),
    ]
