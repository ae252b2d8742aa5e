"""Reasons become a tree of rows that managers tend, and grades and duties follow rows; old cases come by files, too."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from complaints.first_reasons import plant
from complaints.likeness import grams

#: Targets are written once; this changes how "for any reason" is written, not what was promised.
ANY_REASON = """
    ALTER TABLE complaints_target ALTER COLUMN reason DROP NOT NULL;
    ALTER TABLE complaints_macro ALTER COLUMN reason DROP NOT NULL;
    ALTER TABLE complaints_macroevent ALTER COLUMN reason DROP NOT NULL;
    ALTER TABLE complaints_target DISABLE TRIGGER USER;
    ALTER TABLE complaints_macro DISABLE TRIGGER USER;
    UPDATE complaints_target SET reason = NULL WHERE reason = '';
    UPDATE complaints_macro SET reason = NULL WHERE reason = '';
    ALTER TABLE complaints_target ENABLE TRIGGER USER;
    ALTER TABLE complaints_macro ENABLE TRIGGER USER;
"""
GROUPS = ("Complaint agents", "Complaint supervisors", "Complaint managers", "Complaint auditors")


def plant_reasons(apps, schema_editor):
    plant(apps.get_model("complaints", "Reason"))


def keep_grams(apps, schema_editor):
    """The words by which cases are compared, of those that are there already."""
    cases = apps.get_model("complaints", "Complaint").objects
    for case in cases.only("said").order_by("pk").iterator(chunk_size=500):
        cases.filter(pk=case.pk).update(grams=grams(case.said))


def give_rights(apps, schema_editor):
    """Everybody at the desk reads; managers tend the tree, write the rules and say who works on what."""
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    groups = apps.get_model("auth", "Group")

    def right(verb, model):
        kind, _ = content_types.objects.get_or_create(app_label="complaints", model=model)
        names = {"defaults": {"name": f"Can {verb} {model}"}}
        return permissions.objects.get_or_create(content_type=kind, codename=f"{verb}_{model}", **names)[0]

    reads = [right("view", model) for model in ("reason", "graderules", "graderule")]
    tends = [("add", "reason"), ("change", "reason"), ("add", "graderules"), ("add", "graderule")]
    tends += [(verb, "duty") for verb in ("view", "add", "change", "delete")] + [
        ("view", "casetry"),
        ("add", "caseimport"),
    ]
    for name in GROUPS:
        groups.objects.get_or_create(name=name)[0].permissions.add(*reads)
    groups.objects.get(name="Complaint managers").permissions.add(*(right(*one) for one in tends))
    groups.objects.get(name="Complaint auditors").permissions.add(
        right("view", "duty"), right("view", "casetry")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0016_names_of_fields"),
        ("coupons", "0013_offers_for_segments"),
        ("kernel", "0002_cache_table"),
        ("merchants", "0017_listings_group"),
        ("orders", "0011_passes_are_paid_online"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="file")),
                ("content", models.BinaryField()),
                ("source", models.CharField(max_length=40, verbose_name="source")),
                ("zone", models.CharField(max_length=40, verbose_name="time zone")),
                ("columns", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=dict)),
                ("key", models.UUIDField(unique=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "file of old cases",
                "verbose_name_plural": "files of old cases",
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
            ],
            options={
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
            },
        ),
        migrations.CreateModel(
            name="DutyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GradeRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order in the list")),
                (
                    "came_by",
                    models.CharField(
                        blank=True,
                        choices=[("web", "Web form"), ("phone", "Phone call"), ("mail", "E-mail")],
                        max_length=6,
                        verbose_name="came by",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=400, verbose_name="one of these words")),
                (
                    "amount_from",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="purchase of at least"
                    ),
                ),
                (
                    "open_from",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="other open cases of the merchant, at least"
                    ),
                ),
                (
                    "is_guest",
                    models.BooleanField(blank=True, null=True, verbose_name="made an account just for this"),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[("minor", "Minor"), ("serious", "Serious"), ("critical", "Critical")],
                        max_length=10,
                        verbose_name="grade",
                    ),
                ),
            ],
            options={
                "verbose_name": "grading rule",
                "verbose_name_plural": "grading rules",
            },
        ),
        migrations.CreateModel(
            name="GradeRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.CharField(max_length=200, verbose_name="what changed and why")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="when"
                    ),
                ),
            ],
            options={
                "verbose_name": "grading rules",
                "verbose_name_plural": "grading rules",
            },
        ),
        migrations.CreateModel(
            name="Reason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="code")),
                ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order in the list")),
                ("is_retired", models.BooleanField(default=False, verbose_name="no longer used")),
            ],
            options={
                "verbose_name": "reason",
                "verbose_name_plural": "reasons",
            },
        ),
        migrations.CreateModel(
            name="ReasonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=20, verbose_name="code")),
                ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order in the list")),
                ("is_retired", models.BooleanField(default=False, verbose_name="no longer used")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="complaint",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="complaint",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="complaint",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="policy_promises_a_thing_once",
        ),
        migrations.AddField(
            model_name="complaint",
            name="grams",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                editable=False,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="casefile",
            name="job",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.job",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="complaint_duties",
                to=settings.AUTH_USER_MODEL,
                verbose_name="colleague",
            ),
        ),
        migrations.AddField(
            model_name="dutyevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="dutyevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="complaints.duty",
            ),
        ),
        migrations.AddField(
            model_name="dutyevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="colleague",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="graded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.graderule",
            ),
        ),
        migrations.AddField(
            model_name="complaintevent",
            name="graded_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="complaints.graderule",
            ),
        ),
        migrations.AddField(
            model_name="graderules",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by whom",
            ),
        ),
        migrations.AddField(
            model_name="graderule",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rules", to="complaints.graderules"
            ),
        ),
        migrations.AddField(
            model_name="reason",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="complaints.reason",
                to_field="code",
                verbose_name="belongs to",
            ),
        ),
        migrations.AddField(
            model_name="graderule",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="reason, with all below it",
            ),
        ),
        migrations.AddField(
            model_name="dutyevent",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="reason, with all below it",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="reason, with all below it",
            ),
        ),
        # The tree stands before anything refers to it; "for any reason" is nothing from now on, not a word.
        migrations.RunPython(plant_reasons, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(ANY_REASON, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="complaint",
            name="reason",
            field=models.ForeignKey(
                db_column="reason",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="complaintevent",
            name="reason",
            field=models.ForeignKey(
                db_column="reason",
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="macro",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="only for this reason",
            ),
        ),
        migrations.AlterField(
            model_name="macroevent",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="only for this reason",
            ),
        ),
        migrations.AlterField(
            model_name="pastcase",
            name="reason",
            field=models.ForeignKey(
                db_column="reason",
                db_index=False,
                default="other",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="reason",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="complaint_grams"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("policy", "kind", "grade", "reason"),
                name="policy_promises_a_thing_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="reasonevent",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="complaints.reason",
                to_field="code",
                verbose_name="belongs to",
            ),
        ),
        migrations.AddField(
            model_name="reasonevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="reasonevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="complaints.reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="graderules",
            trigger=pgtrigger.compiler.Trigger(
                name="grade_rules_are_written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8a39907de0f3933e3e7b9bcc7debf23f54dedd18",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_grade_rules_are_written_once_ab9b4",
                    table="complaints_graderules",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="reason",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent", None), models.Q(("parent", models.F("code")), _negated=True), _connector="OR"
                ),
                name="reason_is_not_its_own_parent",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reason",
            trigger=pgtrigger.compiler.Trigger(
                name="reasons_form_a_tree",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.code IN (WITH RECURSIVE above AS (\n                   SELECT code, parent_id FROM complaints_reason WHERE code = NEW.parent_id\n                   UNION\n                   SELECT c.code, c.parent_id FROM complaints_reason c JOIN above ON c.code = above.parent_id\n               ) SELECT code FROM above) THEN\n                RAISE EXCEPTION 'a reason would stand under itself' USING ERRCODE = 'check_violation', CONSTRAINT = 'reasons_form_a_tree';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="bf1454a23156f61226758129e2f47750e93f9d7f",
                    operation='INSERT OR UPDATE OF "parent_id"',
                    pgid="pgtrigger_reasons_form_a_tree_3ed71",
                    table="complaints_reason",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reason",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "complaints_reasonevent" ("code", "id", "is_retired", "name_en", "name_zh", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."id", NEW."is_retired", NEW."name_en", NEW."name_zh", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;',
                    hash="4f64836a04b55ef4e4156e46c84f3634d4d22d24",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6f1cf",
                    table="complaints_reason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reason",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "complaints_reasonevent" ("code", "id", "is_retired", "name_en", "name_zh", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."id", NEW."is_retired", NEW."name_en", NEW."name_zh", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;',
                    hash="52192cddea391f9e3a22674844c295fe8c575000",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_60fcf",
                    table="complaints_reason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reason",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "complaints_reasonevent" ("code", "id", "is_retired", "name_en", "name_zh", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."code", OLD."id", OLD."is_retired", OLD."name_en", OLD."name_zh", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;',
                    hash="cb8ba6e8ab7ab3d735f303be5f22021a9a802d09",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cc8ba",
                    table="complaints_reason",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="graderule",
            constraint=models.UniqueConstraint(
                fields=("version", "position"), name="grade_rule_has_a_place_of_its_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="graderule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_from", None), ("amount_from__gt", 0), _connector="OR"),
                    models.Q(("open_from", None), ("open_from__gt", 0), _connector="OR"),
                ),
                name="grade_rule_asks_for_something_countable",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="graderule",
            trigger=pgtrigger.compiler.Trigger(
                name="grade_rules_of_a_version_are_written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e65559a3551e8c105de1f4ed08ee7d8c605f19d5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_grade_rules_of_a_version_are_written_once_03903",
                    table="complaints_graderule",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(
                fields=("user", "region", "reason"), name="duty_is_given_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("region", ""), _negated=True), ("reason__isnull", False), _connector="OR"
                ),
                name="duty_names_a_region_or_a_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "complaints_dutyevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "region", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."region", NEW."user_id"); RETURN NULL;',
                    hash="89674c5e348f9dfe16ecbbc8ff0fa5fbe70a6a12",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9fe38",
                    table="complaints_duty",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "complaints_dutyevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "region", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."region", NEW."user_id"); RETURN NULL;',
                    hash="8752491f565befb2ea00092a2017821d8c9eed3c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fa7b5",
                    table="complaints_duty",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "complaints_dutyevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "region", "user_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."region", OLD."user_id"); RETURN NULL;',
                    hash="85d0d9ce5959f0318d5b33580a6012616758aba8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7ea18",
                    table="complaints_duty",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="complaint",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "complaints_complaintevent" ("answered_at", "assignee_id", "came_by", "coupon_id", "due_at", "duplicate_of_id", "ended_at", "filed_at", "grade", "graded_by_id", "id", "is_named", "key", "level", "merchant_id", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id", "reason", "reopened", "said", "shop_id", "state", "taken_by_id", "token", "version") VALUES (NEW."answered_at", NEW."assignee_id", NEW."came_by", NEW."coupon_id", NEW."due_at", NEW."duplicate_of_id", NEW."ended_at", NEW."filed_at", NEW."grade", NEW."graded_by_id", NEW."id", NEW."is_named", NEW."key", NEW."level", NEW."merchant_id", NEW."number", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purchase_id", NEW."reason", NEW."reopened", NEW."said", NEW."shop_id", NEW."state", NEW."taken_by_id", NEW."token", NEW."version"); RETURN NULL;',
                    hash="934434bf303a95ff64d11363eab1ac2a2ccd4938",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_85fac",
                    table="complaints_complaint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="complaint",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."came_by" IS DISTINCT FROM (NEW."came_by") OR OLD."coupon_id" IS DISTINCT FROM (NEW."coupon_id") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."duplicate_of_id" IS DISTINCT FROM (NEW."duplicate_of_id") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."filed_at" IS DISTINCT FROM (NEW."filed_at") OR OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."graded_by_id" IS DISTINCT FROM (NEW."graded_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_named" IS DISTINCT FROM (NEW."is_named") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."purchase_id" IS DISTINCT FROM (NEW."purchase_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."reopened" IS DISTINCT FROM (NEW."reopened") OR OLD."said" IS DISTINCT FROM (NEW."said") OR OLD."shop_id" IS DISTINCT FROM (NEW."shop_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."taken_by_id" IS DISTINCT FROM (NEW."taken_by_id") OR OLD."token" IS DISTINCT FROM (NEW."token") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "complaints_complaintevent" ("answered_at", "assignee_id", "came_by", "coupon_id", "due_at", "duplicate_of_id", "ended_at", "filed_at", "grade", "graded_by_id", "id", "is_named", "key", "level", "merchant_id", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id", "reason", "reopened", "said", "shop_id", "state", "taken_by_id", "token", "version") VALUES (NEW."answered_at", NEW."assignee_id", NEW."came_by", NEW."coupon_id", NEW."due_at", NEW."duplicate_of_id", NEW."ended_at", NEW."filed_at", NEW."grade", NEW."graded_by_id", NEW."id", NEW."is_named", NEW."key", NEW."level", NEW."merchant_id", NEW."number", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purchase_id", NEW."reason", NEW."reopened", NEW."said", NEW."shop_id", NEW."state", NEW."taken_by_id", NEW."token", NEW."version"); RETURN NULL;',
                    hash="32e1e6928433d64368a939d78fb7ec6afd694dfd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_36c30",
                    table="complaints_complaint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="complaint",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "complaints_complaintevent" ("answered_at", "assignee_id", "came_by", "coupon_id", "due_at", "duplicate_of_id", "ended_at", "filed_at", "grade", "graded_by_id", "id", "is_named", "key", "level", "merchant_id", "number", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purchase_id", "reason", "reopened", "said", "shop_id", "state", "taken_by_id", "token", "version") VALUES (OLD."answered_at", OLD."assignee_id", OLD."came_by", OLD."coupon_id", OLD."due_at", OLD."duplicate_of_id", OLD."ended_at", OLD."filed_at", OLD."grade", OLD."graded_by_id", OLD."id", OLD."is_named", OLD."key", OLD."level", OLD."merchant_id", OLD."number", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purchase_id", OLD."reason", OLD."reopened", OLD."said", OLD."shop_id", OLD."state", OLD."taken_by_id", OLD."token", OLD."version"); RETURN NULL;',
                    hash="1a9beb3e03f13f51108dc79b51dc9359490f7348",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a79b8",
                    table="complaints_complaint",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunPython(keep_grams, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
