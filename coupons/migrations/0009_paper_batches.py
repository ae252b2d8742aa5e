"""Coupons on paper, in batches that stay with their offer and merchant."""

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
        ("coupons", "0008_flash_deals"),
        ("merchants", "0017_listings_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=10, unique=True)),
                ("quantity", models.PositiveSmallIntegerField(verbose_name="how many")),
                ("key", models.UUIDField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "batch of paper coupons",
                "verbose_name_plural": "batches of paper coupons",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="coupon",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="coupon",
            name="delete_delete",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coupon",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "coupons_couponevent" ("amount_off", "batch_id", "claimed_at", "customer_id", "held_until", "hold_key", "id", "item", "key", "kind", "merchant_id", "minimum", "most_off", "ordinal", "percent_off", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "revoke_reason", "revoked_at", "revoked_by_id", "spent", "state", "terms_id", "times", "title", "token", "uses", "valid_from", "valid_until") VALUES (NEW."amount_off", NEW."batch_id", NEW."claimed_at", NEW."customer_id", NEW."held_until", NEW."hold_key", NEW."id", NEW."item", NEW."key", NEW."kind", NEW."merchant_id", NEW."minimum", NEW."most_off", NEW."ordinal", NEW."percent_off", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price", NEW."programme_id", NEW."revoke_reason", NEW."revoked_at", NEW."revoked_by_id", NEW."spent", NEW."state", NEW."terms_id", NEW."times", NEW."title", NEW."token", NEW."uses", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                    hash="97c846c4245100ae04030c8933904d952eccd3c8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1bae0",
                    table="coupons_coupon",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coupon",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "coupons_couponevent" ("amount_off", "batch_id", "claimed_at", "customer_id", "held_until", "hold_key", "id", "item", "key", "kind", "merchant_id", "minimum", "most_off", "ordinal", "percent_off", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "revoke_reason", "revoked_at", "revoked_by_id", "spent", "state", "terms_id", "times", "title", "token", "uses", "valid_from", "valid_until") VALUES (OLD."amount_off", OLD."batch_id", OLD."claimed_at", OLD."customer_id", OLD."held_until", OLD."hold_key", OLD."id", OLD."item", OLD."key", OLD."kind", OLD."merchant_id", OLD."minimum", OLD."most_off", OLD."ordinal", OLD."percent_off", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."price", OLD."programme_id", OLD."revoke_reason", OLD."revoked_at", OLD."revoked_by_id", OLD."spent", OLD."state", OLD."terms_id", OLD."times", OLD."title", OLD."token", OLD."uses", OLD."valid_from", OLD."valid_until"); RETURN NULL;',
                    hash="b01d22ee6a71b1dff058cb6245c76cbb0db50f97",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6ea8e",
                    table="coupons_coupon",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="paperbatch",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="paperbatch",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="merchants.merchant",
            ),
        ),
        migrations.AddField(
            model_name="paperbatch",
            name="programme",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="batches",
                to="coupons.couponprogramme",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coupons",
                to="coupons.paperbatch",
            ),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="coupons.paperbatch",
            ),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch", "id"], name="coupon_on_paper"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer__isnull", False), ("batch__isnull", False), _connector="OR"),
                name="coupon_without_a_holder_is_on_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.UniqueConstraint(fields=("merchant", "key"), name="paper_batch_once_per_key"),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.UniqueConstraint(fields=("merchant", "id"), name="paper_batch_of_merchant"),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1), ("quantity__lte", 10000)),
                name="paper_batch_of_one_to_ten_thousand",
            ),
        ),
        WALL(
            "coupons_paperbatch",
            "batch_stays_with_its_programme",
            "merchant_id, programme_id",
            "coupons_couponprogramme",
        ),
        WALL("coupons_coupon", "coupon_stays_with_its_batch", "merchant_id, batch_id", "coupons_paperbatch"),
    ]
