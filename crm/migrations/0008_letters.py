"""A campaign may be a letter to customers instead of a flash deal."""

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

WALL = import_module("coupons.migrations.0002_claims").wall


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0007_tags"),
        ("coupons", "0013_offers_for_segments"),
        ("merchants", "0017_listings_group"),
        ("messaging", "0006_held_out"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="campaign",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="campaign",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="campaign",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="campaign",
            name="channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("inbox", "Inbox"),
                        ("push", "Push notification"),
                        ("email", "E-mail"),
                        ("sms", "Text message"),
                    ],
                    max_length=5,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="note",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="in your own words"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coupons.couponprogramme",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="words",
            field=models.CharField(
                blank=True,
                choices=[
                    ("coupon", "A coupon for them"),
                    ("miss", "We would like to see you again"),
                    ("thanks", "Thank you"),
                    ("news", "Something to know, such as other hours"),
                ],
                default="",
                max_length=6,
                verbose_name="what about",
            ),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("inbox", "Inbox"),
                        ("push", "Push notification"),
                        ("email", "E-mail"),
                        ("sms", "Text message"),
                    ],
                    max_length=5,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="note",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="in your own words"),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="coupons.couponprogramme",
            ),
        ),
        migrations.AddField(
            model_name="campaignevent",
            name="words",
            field=models.CharField(
                blank=True,
                choices=[
                    ("coupon", "A coupon for them"),
                    ("miss", "We would like to see you again"),
                    ("thanks", "Thank you"),
                    ("news", "Something to know, such as other hours"),
                ],
                default="",
                max_length=6,
                verbose_name="what about",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="deal",
            field=models.OneToOneField(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaign",
                to="coupons.flashdeal",
            ),
        ),
        migrations.AlterField(
            model_name="campaignevent",
            name="deal",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="coupons.flashdeal",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "crm_campaignevent" ("audience", "by_id", "channels", "created_at", "deal_id", "goes_at", "id", "key", "mailing_id", "merchant_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "released_at", "segment_id", "shop_id", "stopped_at", "token", "within_m", "words") VALUES (NEW."audience", NEW."by_id", NEW."channels", NEW."created_at", NEW."deal_id", NEW."goes_at", NEW."id", NEW."key", NEW."mailing_id", NEW."merchant_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."released_at", NEW."segment_id", NEW."shop_id", NEW."stopped_at", NEW."token", NEW."within_m", NEW."words"); RETURN NULL;',
                    hash="4fb847bae1d5dce6b7ad806e19f522a5a60a2422",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f3cf4",
                    table="crm_campaign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "crm_campaignevent" ("audience", "by_id", "channels", "created_at", "deal_id", "goes_at", "id", "key", "mailing_id", "merchant_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "released_at", "segment_id", "shop_id", "stopped_at", "token", "within_m", "words") VALUES (NEW."audience", NEW."by_id", NEW."channels", NEW."created_at", NEW."deal_id", NEW."goes_at", NEW."id", NEW."key", NEW."mailing_id", NEW."merchant_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."released_at", NEW."segment_id", NEW."shop_id", NEW."stopped_at", NEW."token", NEW."within_m", NEW."words"); RETURN NULL;',
                    hash="ffe8f78b044a54c23c840a8686b0ff420c873d8b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_80e1b",
                    table="crm_campaign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "crm_campaignevent" ("audience", "by_id", "channels", "created_at", "deal_id", "goes_at", "id", "key", "mailing_id", "merchant_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "released_at", "segment_id", "shop_id", "stopped_at", "token", "within_m", "words") VALUES (OLD."audience", OLD."by_id", OLD."channels", OLD."created_at", OLD."deal_id", OLD."goes_at", OLD."id", OLD."key", OLD."mailing_id", OLD."merchant_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."released_at", OLD."segment_id", OLD."shop_id", OLD."stopped_at", OLD."token", OLD."within_m", OLD."words"); RETURN NULL;',
                    hash="8a7f71620c4ef78d3e1c05dcf5ada22d424cee13",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e20c7",
                    table="crm_campaign",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deal__isnull", False), ("programme", None), ("words", "")),
                    models.Q(("deal", None), models.Q(("words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="campaign_is_a_deal_or_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("programme__isnull", False), ("words", "coupon")),
                    models.Q(models.Q(("words", "coupon"), _negated=True), ("programme", None)),
                    _connector="OR",
                ),
                name="letter_about_a_coupon_names_it",
            ),
        ),
        WALL(
            "crm_campaign",
            "campaign_stays_with_its_coupon",
            "merchant_id, programme_id",
            "coupons_couponprogramme",
        ),
    ]
