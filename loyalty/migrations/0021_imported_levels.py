"""What levels on an old list mean, whom they lift, and where those cards stood before."""

from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0020_what_is_held_is_not_taken_back"),
    ]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="memberimport",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="memberimport",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="importrow",
            name="rank",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrow",
            name="stood",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="memberimport",
            name="level_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="memberimport",
            name="levels",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="memberimportevent",
            name="level_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="levelmove",
            name="kind",
            field=models.CharField(
                choices=[
                    ("promoted", "Reached"),
                    ("demoted", "Fallen back"),
                    ("granted", "Given by the shop"),
                    ("ended", "Given time over"),
                    ("undone", "A purchase was undone"),
                    ("taken", "Taken back"),
                ],
                max_length=8,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="memberimport",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."header" IS DISTINCT FROM (NEW."header") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."job_id" IS DISTINCT FROM (NEW."job_id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."level_until" IS DISTINCT FROM (NEW."level_until") OR OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."region" IS DISTINCT FROM (NEW."region") OR OLD."sheet" IS DISTINCT FROM (NEW."sheet") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."token" IS DISTINCT FROM (NEW."token") OR OLD."undone_at" IS DISTINCT FROM (NEW."undone_at") OR OLD."undone_by_id" IS DISTINCT FROM (NEW."undone_by_id"))',
                    func='INSERT INTO "loyalty_memberimportevent" ("by_id", "confirmed_at", "confirmed_by_id", "created_at", "digest", "done_at", "header", "id", "job_id", "key", "level_until", "merchant_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sheet", "state", "token", "undone_at", "undone_by_id") VALUES (NEW."by_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."created_at", NEW."digest", NEW."done_at", NEW."header", NEW."id", NEW."job_id", NEW."key", NEW."level_until", NEW."merchant_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."region", NEW."sheet", NEW."state", NEW."token", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                    hash="9b8374cf2b83b16199d72eeb4e799091d106a4a2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5d6bc",
                    table="loyalty_memberimport",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="memberimport",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "loyalty_memberimportevent" ("by_id", "confirmed_at", "confirmed_by_id", "created_at", "digest", "done_at", "header", "id", "job_id", "key", "level_until", "merchant_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sheet", "state", "token", "undone_at", "undone_by_id") VALUES (OLD."by_id", OLD."confirmed_at", OLD."confirmed_by_id", OLD."created_at", OLD."digest", OLD."done_at", OLD."header", OLD."id", OLD."job_id", OLD."key", OLD."level_until", OLD."merchant_id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region", OLD."sheet", OLD."state", OLD."token", OLD."undone_at", OLD."undone_by_id"); RETURN NULL;',
                    hash="4942cc8a662c9b0ebeb0eb846f0b7b35dedfa89a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1e3ef",
                    table="loyalty_memberimport",
                    when="AFTER",
                ),
            ),
        ),
    ]
