"""Reasons, cases and their story, files, clocks, duties, grades and surveys."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.migrating import ID, Together, remembered, trail, trigger, was, written_once


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("complaints", "0001_initial"),
        ("complaints", "0005_attachments"),
        ("complaints", "0006_voices"),
        ("complaints", "0007_intake"),
        ("complaints", "0008_misconduct"),
        ("complaints", "0009_remedies"),
        ("complaints", "0010_authorities"),
        ("complaints", "0011_causes"),
        ("complaints", "0012_first_causes"),
        ("complaints", "0013_past_cases_surveys_macros"),
        ("complaints", "0014_tries_at_cases"),
        ("complaints", "0015_mail"),
        ("complaints", "0016_names_of_fields"),
        ("complaints", "0017_reasons_rules_duties_files"),
    ]
    dependencies = [
        ("coupons", "0002_walls_claims_and_uses"),
        ("kernel", "0002_cache_table"),
        ("loyalty", "0007_functions_of_levels"),
        ("merchants", "0004_first_rows"),
        ("orders", "0002_walls_around_sales"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.CreateModel(
                name="Reason",
                fields=[
                    ID,
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="children",
                            to="complaints.reason",
                            to_field="code",
                            verbose_name="belongs to",
                        ),
                    ),
                    ("code", models.SlugField(max_length=20, unique=True, verbose_name="code")),
                    ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                    ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                    (
                        "position",
                        models.PositiveSmallIntegerField(default=0, verbose_name="order in the list"),
                    ),
                    ("is_retired", models.BooleanField(default=False, verbose_name="no longer used")),
                ],
                options={
                    "verbose_name": "reason",
                    "verbose_name_plural": "reasons",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("parent", None),
                                models.Q(("parent", models.F("code")), _negated=True),
                                _connector="OR",
                            ),
                            name="reason_is_not_its_own_parent",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "complaints.Reason", "code id is_retired name_en name_zh parent_id position"
                        ),
                        trigger(
                            "complaints.Reason",
                            "reasons_form_a_tree",
                            when="BEFORE",
                            operation='INSERT OR UPDATE OF "parent_id"',
                            func="""
            IF NEW.code IN (WITH RECURSIVE above AS (
                   SELECT code, parent_id FROM complaints_reason WHERE code = NEW.parent_id
                   UNION
                   SELECT c.code, c.parent_id FROM complaints_reason c JOIN above ON c.code = above.parent_id
               ) SELECT code FROM above) THEN
                RAISE EXCEPTION 'a reason would stand under itself' USING ERRCODE = 'check_violation', CONSTRAINT = 'reasons_form_a_tree';
            END IF;
            RETURN NEW;
        """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReasonEvent",
                fields=[
                    *trail("complaints.reason"),
                    ("id", models.BigIntegerField()),
                    (
                        "parent",
                        was(
                            "complaints.reason",
                            verbose_name="belongs to",
                            blank=True,
                            null=True,
                            to_field="code",
                        ),
                    ),
                    ("code", models.SlugField(db_index=False, max_length=20, verbose_name="code")),
                    ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                    ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                    (
                        "position",
                        models.PositiveSmallIntegerField(default=0, verbose_name="order in the list"),
                    ),
                    ("is_retired", models.BooleanField(default=False, verbose_name="no longer used")),
                ],
            ),
            migrations.CreateModel(
                name="GradeRules",
                fields=[
                    ID,
                    ("why", models.CharField(max_length=200, verbose_name="what changed and why")),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "grading rules",
                    "verbose_name_plural": "grading rules",
                    "triggers": [written_once("complaints.GradeRules", "grade_rules_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="GradeRule",
                fields=[
                    ID,
                    (
                        "version",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="rules", to="complaints.graderules"
                        ),
                    ),
                    ("position", models.PositiveSmallIntegerField(verbose_name="order in the list")),
                    (
                        "reason",
                        models.ForeignKey(
                            blank=True,
                            db_column="reason",
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="complaints.reason",
                            to_field="code",
                            verbose_name="reason, with all below it",
                        ),
                    ),
                    (
                        "came_by",
                        models.CharField(
                            blank=True,
                            choices=[("web", "Web form"), ("phone", "Phone call"), ("mail", "E-mail")],
                            max_length=6,
                            verbose_name="came by",
                        ),
                    ),
                    (
                        "words",
                        models.CharField(blank=True, max_length=400, verbose_name="one of these words"),
                    ),
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
                        models.BooleanField(
                            blank=True, null=True, verbose_name="made an account just for this"
                        ),
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
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("version", "position"), name="grade_rule_has_a_place_of_its_own"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("amount_from", None), ("amount_from__gt", 0), _connector="OR"),
                                models.Q(("open_from", None), ("open_from__gt", 0), _connector="OR"),
                            ),
                            name="grade_rule_asks_for_something_countable",
                        ),
                    ],
                    "triggers": [
                        written_once("complaints.GradeRule", "grade_rules_of_a_version_are_written_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Complaint",
                fields=[
                    ID,
                    ("number", models.CharField(max_length=10, unique=True, verbose_name="number")),
                    ("token", models.CharField(max_length=20, unique=True)),
                    (
                        "person",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="complaints",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="person",
                        ),
                    ),
                    (
                        "merchant",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="complaints",
                            to="merchants.merchant",
                            verbose_name="merchant",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="complaints",
                            to="merchants.shop",
                            verbose_name="shop",
                        ),
                    ),
                    (
                        "purchase",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="complaints",
                            to="orders.purchase",
                        ),
                    ),
                    (
                        "coupon",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="complaints",
                            to="coupons.coupon",
                        ),
                    ),
                    (
                        "came_by",
                        models.CharField(
                            choices=[("web", "Web form"), ("phone", "Phone call"), ("mail", "E-mail")],
                            default="web",
                            max_length=6,
                            verbose_name="came by",
                        ),
                    ),
                    (
                        "taken_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "reason",
                        models.ForeignKey(
                            db_column="reason",
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="complaints.reason",
                            to_field="code",
                            verbose_name="reason",
                        ),
                    ),
                    ("said", models.TextField(verbose_name="what happened")),
                    (
                        "grams",
                        ArrayField(
                            base_field=models.CharField(max_length=20),
                            blank=True,
                            default=list,
                            editable=False,
                            size=None,
                        ),
                    ),
                    (
                        "is_named",
                        models.BooleanField(default=False, verbose_name="the shop may know who it is"),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("received", "Received"),
                                ("acknowledged", "Acknowledged"),
                                ("assessing", "Being assessed"),
                                ("merchant", "Waiting for shop"),
                                ("consumer", "Waiting for you"),
                                ("investigating", "In progress"),
                                ("proposed", "Proposal made"),
                                ("accepted", "Proposal accepted"),
                                ("rejected", "Proposal rejected"),
                                ("remedy", "Remedy in progress"),
                                ("resolved", "Solved"),
                                ("confirmed", "Confirmed as solved"),
                                ("silent", "Solved, no word since"),
                                ("closed", "Closed"),
                                ("duplicate", "Reported twice"),
                                ("withdrawn", "Withdrawn"),
                                ("reopened", "Opened again"),
                            ],
                            default="received",
                            max_length=14,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "grade",
                        models.CharField(
                            choices=[("minor", "Minor"), ("serious", "Serious"), ("critical", "Critical")],
                            default="minor",
                            max_length=10,
                            verbose_name="grade",
                        ),
                    ),
                    (
                        "graded_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="complaints.graderule",
                        ),
                    ),
                    ("version", models.PositiveIntegerField(default=1)),
                    (
                        "level",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Not escalated"),
                                (1, "Supervisor"),
                                (2, "Department manager"),
                                (3, "Management"),
                                (4, "Regulator"),
                            ],
                            default=0,
                            verbose_name="level",
                        ),
                    ),
                    (
                        "duplicate_of",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="duplicates",
                            to="complaints.complaint",
                        ),
                    ),
                    ("reopened", models.PositiveSmallIntegerField(default=0, verbose_name="opened again")),
                    (
                        "assignee",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="assigned_complaints",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="assignee",
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("filed_at", models.DateTimeField(db_default=Now())),
                    ("due_at", models.DateTimeField(verbose_name="due next")),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("ended_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "complaint",
                    "verbose_name_plural": "complaints",
                    "permissions": [
                        ("answer_complaint", "Can answer and move complaints"),
                        ("supervise_complaint", "Can close complaints without agreement and take them up"),
                        ("manage_complaint", "Can decide complaints as a manager"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "key"), name="complaint_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("ended_at", None),
                                    (
                                        "state__in",
                                        (
                                            "received",
                                            "acknowledged",
                                            "assessing",
                                            "merchant",
                                            "consumer",
                                            "investigating",
                                            "proposed",
                                            "accepted",
                                            "rejected",
                                            "remedy",
                                            "reopened",
                                        ),
                                    ),
                                ),
                                models.Q(
                                    ("ended_at__isnull", False),
                                    (
                                        "state__in",
                                        (
                                            "resolved",
                                            "confirmed",
                                            "silent",
                                            "closed",
                                            "duplicate",
                                            "withdrawn",
                                        ),
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="complaint_has_an_end_when_it_is_over",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("duplicate_of__isnull", False),
                                    ("state", "duplicate"),
                                    models.Q(("duplicate_of", models.F("id")), _negated=True),
                                ),
                                models.Q(
                                    models.Q(("state", "duplicate"), _negated=True), ("duplicate_of", None)
                                ),
                                _connector="OR",
                            ),
                            name="complaint_reported_twice_names_the_first",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("came_by", "phone"), ("taken_by__isnull", False)),
                                models.Q(models.Q(("came_by", "phone"), _negated=True), ("taken_by", None)),
                                _connector="OR",
                            ),
                            name="complaint_by_phone_was_taken_down",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reopened__lte", 2)),
                            name="complaint_is_opened_again_at_most_twice",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("level__lte", 4)), name="complaint_goes_up_to_the_regulator"
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(
                                (
                                    "state__in",
                                    (
                                        "received",
                                        "acknowledged",
                                        "assessing",
                                        "merchant",
                                        "consumer",
                                        "investigating",
                                        "proposed",
                                        "accepted",
                                        "rejected",
                                        "remedy",
                                        "reopened",
                                    ),
                                )
                            ),
                            fields=["due_at", "id"],
                            name="complaint_queue",
                        ),
                        models.Index(fields=["merchant", "-id"], name="complaint_of_merchant"),
                        GinIndex(fields=["grams"], name="complaint_grams"),
                        GinIndex(fields=["said"], name="complaint_words", opclasses=["gin_trgm_ops"]),
                    ],
                    "triggers": [
                        *remembered(
                            "complaints.Complaint",
                            "answered_at assignee_id came_by coupon_id due_at duplicate_of_id ended_at filed_at grade graded_by_id id is_named key level merchant_id number person_id purchase_id reason reopened said shop_id state taken_by_id token version",
                            whole=False,
                        ),
                        trigger(
                            "complaints.Complaint",
                            "complaint_starts_as_received",
                            when="BEFORE",
                            operation="INSERT",
                            condition="WHEN (NEW.\"state\" IS DISTINCT FROM 'received')",
                            func="RAISE EXCEPTION 'a complaint starts as received' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_starts_as_received';",
                        ),
                        trigger(
                            "complaints.Complaint",
                            "complaint_moves_as_allowed",
                            when="BEFORE",
                            operation='UPDATE OF "state"',
                            condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                            func="""
            IF (OLD.state, NEW.state) NOT IN (('accepted', 'confirmed'), ('accepted', 'duplicate'), ('accepted', 'remedy'), ('accepted', 'resolved'), ('accepted', 'withdrawn'), ('acknowledged', 'assessing'), ('acknowledged', 'confirmed'), ('acknowledged', 'duplicate'), ('acknowledged', 'withdrawn'), ('assessing', 'closed'), ('assessing', 'confirmed'), ('assessing', 'consumer'), ('assessing', 'duplicate'), ('assessing', 'investigating'), ('assessing', 'merchant'), ('assessing', 'proposed'), ('assessing', 'resolved'), ('assessing', 'withdrawn'), ('closed', 'reopened'), ('confirmed', 'closed'), ('confirmed', 'reopened'), ('consumer', 'confirmed'), ('consumer', 'duplicate'), ('consumer', 'investigating'), ('consumer', 'withdrawn'), ('duplicate', 'reopened'), ('investigating', 'closed'), ('investigating', 'confirmed'), ('investigating', 'consumer'), ('investigating', 'duplicate'), ('investigating', 'merchant'), ('investigating', 'proposed'), ('investigating', 'resolved'), ('investigating', 'withdrawn'), ('merchant', 'confirmed'), ('merchant', 'duplicate'), ('merchant', 'investigating'), ('merchant', 'proposed'), ('merchant', 'withdrawn'), ('proposed', 'accepted'), ('proposed', 'confirmed'), ('proposed', 'duplicate'), ('proposed', 'investigating'), ('proposed', 'rejected'), ('proposed', 'withdrawn'), ('received', 'acknowledged'), ('received', 'confirmed'), ('received', 'duplicate'), ('received', 'withdrawn'), ('rejected', 'closed'), ('rejected', 'confirmed'), ('rejected', 'duplicate'), ('rejected', 'investigating'), ('rejected', 'proposed'), ('rejected', 'withdrawn'), ('remedy', 'confirmed'), ('remedy', 'duplicate'), ('remedy', 'investigating'), ('remedy', 'resolved'), ('remedy', 'withdrawn'), ('reopened', 'closed'), ('reopened', 'confirmed'), ('reopened', 'consumer'), ('reopened', 'duplicate'), ('reopened', 'investigating'), ('reopened', 'merchant'), ('reopened', 'proposed'), ('reopened', 'resolved'), ('reopened', 'withdrawn'), ('resolved', 'closed'), ('resolved', 'confirmed'), ('resolved', 'reopened'), ('resolved', 'silent'), ('silent', 'closed'), ('silent', 'reopened'), ('withdrawn', 'reopened')) THEN
                RAISE EXCEPTION 'this move of a complaint is not allowed' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_moves_as_allowed';
            END IF;
            IF NEW.version <= OLD.version THEN
                RAISE EXCEPTION 'a move makes a new version of the case' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_moves_with_a_new_version';
            END IF;
            IF (NEW.state = 'reopened') IS DISTINCT FROM (NEW.reopened = OLD.reopened + 1) THEN
                RAISE EXCEPTION 'opening again is counted' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_counts_its_reopenings';
            END IF;
            RETURN NEW;
        """,
                        ),
                        trigger(
                            "complaints.Complaint",
                            "complaint_state_has_its_step",
                            constraint="CONSTRAINT",
                            when="AFTER",
                            operation='INSERT OR UPDATE OF "state"',
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            func="""
            IF (SELECT state FROM complaints_complaint WHERE id = NEW.id) IS DISTINCT FROM
               (SELECT after FROM complaints_step WHERE complaint_id = NEW.id ORDER BY id DESC LIMIT 1) THEN
                RAISE EXCEPTION 'each move of a complaint leaves its step' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_state_has_its_step';
            END IF;
            RETURN NULL;
        """,
                        ),
                        trigger(
                            "complaints.Complaint",
                            "complaint_stays_with_its_shop",
                            when="BEFORE",
                            operation='INSERT OR UPDATE OF "merchant_id", "shop_id", "purchase_id", "coupon_id"',
                            func="""
            IF NEW.merchant_id IS NOT NULL AND NEW.merchant_id IS DISTINCT FROM
               (SELECT merchant_id FROM merchants_shop WHERE id = NEW.shop_id) THEN
                RAISE EXCEPTION 'the shop belongs to another merchant' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_stays_with_its_shop';
            END IF;
            IF NEW.purchase_id IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM orders_purchase WHERE id = NEW.purchase_id AND shop_id = NEW.shop_id) THEN
                RAISE EXCEPTION 'the purchase was not made at the shop' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_stays_with_its_shop';
            END IF;
            IF NEW.coupon_id IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM coupons_coupon WHERE id = NEW.coupon_id AND merchant_id = NEW.merchant_id) THEN
                RAISE EXCEPTION 'the coupon is another merchant''s' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_stays_with_its_shop';
            END IF;
            RETURN NEW;
        """,
                        ),
                        trigger(
                            "complaints.Complaint",
                            "complaint_goes_up_with_a_word",
                            when="BEFORE",
                            operation='INSERT OR UPDATE OF "level"',
                            func="""
            IF TG_OP = 'INSERT' AND NEW.level = 0 OR TG_OP = 'UPDATE' AND NEW.level = OLD.level THEN
                RETURN NEW;
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.level > OLD.level AND EXISTS
               (SELECT 1 FROM complaints_escalation WHERE complaint_id = NEW.id AND level = NEW.level) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a case goes up only, and says why' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_goes_up_with_a_word';
        """,
                        ),
                        trigger(
                            "complaints.Complaint",
                            "complaint_ends_with_its_promises_kept",
                            when="BEFORE",
                            operation='UPDATE OF "state"',
                            condition="WHEN (NEW.\"state\" IN ('resolved', 'closed'))",
                            func="""
            IF EXISTS (SELECT 1 FROM complaints_remedy
                       WHERE complaint_id = NEW.id AND state = 'promised') THEN
                RAISE EXCEPTION 'a promised remedy is still owed' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_ends_with_its_promises_kept';
            END IF;
            RETURN NEW;
        """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ComplaintEvent",
                fields=[
                    *trail("complaints.complaint"),
                    ("id", models.BigIntegerField()),
                    ("number", models.CharField(max_length=10, verbose_name="number")),
                    ("token", models.CharField(max_length=20)),
                    ("person", was(settings.AUTH_USER_MODEL, verbose_name="person")),
                    ("merchant", was("merchants.merchant", verbose_name="merchant", blank=True, null=True)),
                    ("shop", was("merchants.shop", verbose_name="shop")),
                    ("purchase", was("orders.purchase", blank=True, null=True)),
                    ("coupon", was("coupons.coupon", blank=True, null=True)),
                    (
                        "came_by",
                        models.CharField(
                            choices=[("web", "Web form"), ("phone", "Phone call"), ("mail", "E-mail")],
                            default="web",
                            max_length=6,
                            verbose_name="came by",
                        ),
                    ),
                    ("taken_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    (
                        "reason",
                        was("complaints.reason", verbose_name="reason", db_column="reason", to_field="code"),
                    ),
                    ("said", models.TextField(verbose_name="what happened")),
                    (
                        "is_named",
                        models.BooleanField(default=False, verbose_name="the shop may know who it is"),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("received", "Received"),
                                ("acknowledged", "Acknowledged"),
                                ("assessing", "Being assessed"),
                                ("merchant", "Waiting for shop"),
                                ("consumer", "Waiting for you"),
                                ("investigating", "In progress"),
                                ("proposed", "Proposal made"),
                                ("accepted", "Proposal accepted"),
                                ("rejected", "Proposal rejected"),
                                ("remedy", "Remedy in progress"),
                                ("resolved", "Solved"),
                                ("confirmed", "Confirmed as solved"),
                                ("silent", "Solved, no word since"),
                                ("closed", "Closed"),
                                ("duplicate", "Reported twice"),
                                ("withdrawn", "Withdrawn"),
                                ("reopened", "Opened again"),
                            ],
                            default="received",
                            max_length=14,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "grade",
                        models.CharField(
                            choices=[("minor", "Minor"), ("serious", "Serious"), ("critical", "Critical")],
                            default="minor",
                            max_length=10,
                            verbose_name="grade",
                        ),
                    ),
                    ("graded_by", was("complaints.graderule", blank=True, null=True)),
                    ("version", models.PositiveIntegerField(default=1)),
                    (
                        "level",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Not escalated"),
                                (1, "Supervisor"),
                                (2, "Department manager"),
                                (3, "Management"),
                                (4, "Regulator"),
                            ],
                            default=0,
                            verbose_name="level",
                        ),
                    ),
                    ("duplicate_of", was("complaints.complaint", blank=True, null=True)),
                    ("reopened", models.PositiveSmallIntegerField(default=0, verbose_name="opened again")),
                    (
                        "assignee",
                        was(settings.AUTH_USER_MODEL, verbose_name="assignee", blank=True, null=True),
                    ),
                    ("key", models.UUIDField()),
                    ("filed_at", models.DateTimeField(db_default=Now())),
                    ("due_at", models.DateTimeField(verbose_name="due next")),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("ended_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Step",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="steps",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    (
                        "before",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("received", "Received"),
                                ("acknowledged", "Acknowledged"),
                                ("assessing", "Being assessed"),
                                ("merchant", "Waiting for shop"),
                                ("consumer", "Waiting for you"),
                                ("investigating", "In progress"),
                                ("proposed", "Proposal made"),
                                ("accepted", "Proposal accepted"),
                                ("rejected", "Proposal rejected"),
                                ("remedy", "Remedy in progress"),
                                ("resolved", "Solved"),
                                ("confirmed", "Confirmed as solved"),
                                ("silent", "Solved, no word since"),
                                ("closed", "Closed"),
                                ("duplicate", "Reported twice"),
                                ("withdrawn", "Withdrawn"),
                                ("reopened", "Opened again"),
                            ],
                            max_length=14,
                            verbose_name="from state",
                        ),
                    ),
                    (
                        "after",
                        models.CharField(
                            choices=[
                                ("received", "Received"),
                                ("acknowledged", "Acknowledged"),
                                ("assessing", "Being assessed"),
                                ("merchant", "Waiting for shop"),
                                ("consumer", "Waiting for you"),
                                ("investigating", "In progress"),
                                ("proposed", "Proposal made"),
                                ("accepted", "Proposal accepted"),
                                ("rejected", "Proposal rejected"),
                                ("remedy", "Remedy in progress"),
                                ("resolved", "Solved"),
                                ("confirmed", "Confirmed as solved"),
                                ("silent", "Solved, no word since"),
                                ("closed", "Closed"),
                                ("duplicate", "Reported twice"),
                                ("withdrawn", "Withdrawn"),
                                ("reopened", "Opened again"),
                            ],
                            max_length=14,
                            verbose_name="to state",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("consumer", "Consumer"),
                                ("merchant", "Merchant"),
                                ("agent", "Agent"),
                                ("supervisor", "Supervisor"),
                                ("manager", "Department manager"),
                                ("system", "By itself"),
                            ],
                            max_length=10,
                            verbose_name="in which role",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("why", models.CharField(blank=True, max_length=200, verbose_name="why")),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "step",
                    "verbose_name_plural": "steps",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("by", None), ("role", "system")),
                                models.Q(models.Q(("role", "system"), _negated=True), ("by__isnull", False)),
                                _connector="OR",
                            ),
                            name="step_is_somebodys_or_the_systems",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("role", ""),
                                models.Q(("after__in", ("closed", "duplicate", "reopened")), _negated=True),
                                ("why__regex", "\\S"),
                                _connector="OR",
                            ),
                            name="step_says_why_where_it_must",
                        ),
                    ],
                    "triggers": [
                        written_once("complaints.Step", "steps_are_written_once"),
                        trigger(
                            "complaints.Step",
                            "step_follows_the_table",
                            when="BEFORE",
                            operation="INSERT",
                            declare="DECLARE stands complaints_complaint%ROWTYPE; last text;",
                            func="""
            SELECT * INTO stands FROM complaints_complaint WHERE id = NEW.complaint_id;
            SELECT after INTO last FROM complaints_step WHERE complaint_id = NEW.complaint_id
            ORDER BY id DESC LIMIT 1;
            IF NEW.before = '' THEN
                IF last IS NOT NULL OR NEW.after <> 'received' THEN RAISE EXCEPTION 'this step is not in the table of moves' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_follows_the_table'; END IF;
            ELSIF last IS DISTINCT FROM NEW.before OR stands.state <> NEW.before
                  OR (NEW.before, NEW.after, NEW.role) NOT IN (('accepted', 'confirmed', 'consumer'), ('accepted', 'duplicate', 'agent'), ('accepted', 'duplicate', 'manager'), ('accepted', 'duplicate', 'supervisor'), ('accepted', 'remedy', 'agent'), ('accepted', 'remedy', 'manager'), ('accepted', 'remedy', 'merchant'), ('accepted', 'remedy', 'supervisor'), ('accepted', 'remedy', 'system'), ('accepted', 'resolved', 'agent'), ('accepted', 'resolved', 'manager'), ('accepted', 'resolved', 'supervisor'), ('accepted', 'withdrawn', 'consumer'), ('acknowledged', 'assessing', 'agent'), ('acknowledged', 'assessing', 'manager'), ('acknowledged', 'assessing', 'supervisor'), ('acknowledged', 'confirmed', 'consumer'), ('acknowledged', 'duplicate', 'agent'), ('acknowledged', 'duplicate', 'manager'), ('acknowledged', 'duplicate', 'supervisor'), ('acknowledged', 'withdrawn', 'consumer'), ('assessing', 'closed', 'manager'), ('assessing', 'closed', 'supervisor'), ('assessing', 'confirmed', 'consumer'), ('assessing', 'consumer', 'agent'), ('assessing', 'consumer', 'manager'), ('assessing', 'consumer', 'supervisor'), ('assessing', 'duplicate', 'agent'), ('assessing', 'duplicate', 'manager'), ('assessing', 'duplicate', 'supervisor'), ('assessing', 'investigating', 'agent'), ('assessing', 'investigating', 'manager'), ('assessing', 'investigating', 'supervisor'), ('assessing', 'merchant', 'agent'), ('assessing', 'merchant', 'manager'), ('assessing', 'merchant', 'supervisor'), ('assessing', 'proposed', 'agent'), ('assessing', 'proposed', 'manager'), ('assessing', 'proposed', 'supervisor'), ('assessing', 'resolved', 'agent'), ('assessing', 'resolved', 'manager'), ('assessing', 'resolved', 'supervisor'), ('assessing', 'withdrawn', 'consumer'), ('closed', 'reopened', 'agent'), ('closed', 'reopened', 'consumer'), ('closed', 'reopened', 'manager'), ('closed', 'reopened', 'supervisor'), ('confirmed', 'closed', 'agent'), ('confirmed', 'closed', 'manager'), ('confirmed', 'closed', 'supervisor'), ('confirmed', 'closed', 'system'), ('confirmed', 'reopened', 'agent'), ('confirmed', 'reopened', 'consumer'), ('confirmed', 'reopened', 'manager'), ('confirmed', 'reopened', 'supervisor'), ('consumer', 'confirmed', 'consumer'), ('consumer', 'duplicate', 'agent'), ('consumer', 'duplicate', 'manager'), ('consumer', 'duplicate', 'supervisor'), ('consumer', 'investigating', 'agent'), ('consumer', 'investigating', 'consumer'), ('consumer', 'investigating', 'manager'), ('consumer', 'investigating', 'supervisor'), ('consumer', 'investigating', 'system'), ('consumer', 'withdrawn', 'consumer'), ('duplicate', 'reopened', 'agent'), ('duplicate', 'reopened', 'manager'), ('duplicate', 'reopened', 'supervisor'), ('investigating', 'closed', 'manager'), ('investigating', 'closed', 'supervisor'), ('investigating', 'confirmed', 'consumer'), ('investigating', 'consumer', 'agent'), ('investigating', 'consumer', 'manager'), ('investigating', 'consumer', 'supervisor'), ('investigating', 'duplicate', 'agent'), ('investigating', 'duplicate', 'manager'), ('investigating', 'duplicate', 'supervisor'), ('investigating', 'merchant', 'agent'), ('investigating', 'merchant', 'manager'), ('investigating', 'merchant', 'supervisor'), ('investigating', 'proposed', 'agent'), ('investigating', 'proposed', 'manager'), ('investigating', 'proposed', 'supervisor'), ('investigating', 'resolved', 'agent'), ('investigating', 'resolved', 'manager'), ('investigating', 'resolved', 'supervisor'), ('investigating', 'withdrawn', 'consumer'), ('merchant', 'confirmed', 'consumer'), ('merchant', 'duplicate', 'agent'), ('merchant', 'duplicate', 'manager'), ('merchant', 'duplicate', 'supervisor'), ('merchant', 'investigating', 'agent'), ('merchant', 'investigating', 'manager'), ('merchant', 'investigating', 'merchant'), ('merchant', 'investigating', 'supervisor'), ('merchant', 'investigating', 'system'), ('merchant', 'proposed', 'agent'), ('merchant', 'proposed', 'manager'), ('merchant', 'proposed', 'merchant'), ('merchant', 'proposed', 'supervisor'), ('merchant', 'withdrawn', 'consumer'), ('proposed', 'accepted', 'consumer'), ('proposed', 'confirmed', 'consumer'), ('proposed', 'duplicate', 'agent'), ('proposed', 'duplicate', 'manager'), ('proposed', 'duplicate', 'supervisor'), ('proposed', 'investigating', 'agent'), ('proposed', 'investigating', 'consumer'), ('proposed', 'investigating', 'manager'), ('proposed', 'investigating', 'supervisor'), ('proposed', 'investigating', 'system'), ('proposed', 'rejected', 'consumer'), ('proposed', 'withdrawn', 'consumer'), ('received', 'acknowledged', 'agent'), ('received', 'acknowledged', 'manager'), ('received', 'acknowledged', 'supervisor'), ('received', 'confirmed', 'consumer'), ('received', 'duplicate', 'agent'), ('received', 'duplicate', 'manager'), ('received', 'duplicate', 'supervisor'), ('received', 'withdrawn', 'consumer'), ('rejected', 'closed', 'manager'), ('rejected', 'closed', 'supervisor'), ('rejected', 'confirmed', 'consumer'), ('rejected', 'duplicate', 'agent'), ('rejected', 'duplicate', 'manager'), ('rejected', 'duplicate', 'supervisor'), ('rejected', 'investigating', 'agent'), ('rejected', 'investigating', 'manager'), ('rejected', 'investigating', 'supervisor'), ('rejected', 'proposed', 'agent'), ('rejected', 'proposed', 'manager'), ('rejected', 'proposed', 'supervisor'), ('rejected', 'withdrawn', 'consumer'), ('remedy', 'confirmed', 'consumer'), ('remedy', 'duplicate', 'agent'), ('remedy', 'duplicate', 'manager'), ('remedy', 'duplicate', 'supervisor'), ('remedy', 'investigating', 'agent'), ('remedy', 'investigating', 'manager'), ('remedy', 'investigating', 'supervisor'), ('remedy', 'resolved', 'agent'), ('remedy', 'resolved', 'manager'), ('remedy', 'resolved', 'supervisor'), ('remedy', 'resolved', 'system'), ('remedy', 'withdrawn', 'consumer'), ('reopened', 'closed', 'manager'), ('reopened', 'closed', 'supervisor'), ('reopened', 'confirmed', 'consumer'), ('reopened', 'consumer', 'agent'), ('reopened', 'consumer', 'manager'), ('reopened', 'consumer', 'supervisor'), ('reopened', 'duplicate', 'agent'), ('reopened', 'duplicate', 'manager'), ('reopened', 'duplicate', 'supervisor'), ('reopened', 'investigating', 'agent'), ('reopened', 'investigating', 'manager'), ('reopened', 'investigating', 'supervisor'), ('reopened', 'merchant', 'agent'), ('reopened', 'merchant', 'manager'), ('reopened', 'merchant', 'supervisor'), ('reopened', 'proposed', 'agent'), ('reopened', 'proposed', 'manager'), ('reopened', 'proposed', 'supervisor'), ('reopened', 'resolved', 'agent'), ('reopened', 'resolved', 'manager'), ('reopened', 'resolved', 'supervisor'), ('reopened', 'withdrawn', 'consumer'), ('resolved', 'closed', 'manager'), ('resolved', 'closed', 'supervisor'), ('resolved', 'confirmed', 'consumer'), ('resolved', 'reopened', 'agent'), ('resolved', 'reopened', 'consumer'), ('resolved', 'reopened', 'manager'), ('resolved', 'reopened', 'supervisor'), ('resolved', 'silent', 'system'), ('silent', 'closed', 'agent'), ('silent', 'closed', 'manager'), ('silent', 'closed', 'supervisor'), ('silent', 'closed', 'system'), ('silent', 'reopened', 'agent'), ('silent', 'reopened', 'consumer'), ('silent', 'reopened', 'manager'), ('silent', 'reopened', 'supervisor'), ('withdrawn', 'reopened', 'agent'), ('withdrawn', 'reopened', 'consumer'), ('withdrawn', 'reopened', 'manager'), ('withdrawn', 'reopened', 'supervisor'))
                  OR NEW.role = 'consumer' AND NEW.by_id <> stands.person_id THEN
                RAISE EXCEPTION 'this step is not in the table of moves' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_follows_the_table';
            END IF;
            IF NEW.after = 'reopened' AND NEW.role = 'consumer' AND
               (NEW.at <= stands.ended_at + interval '7 days') IS NOT TRUE THEN
                RAISE EXCEPTION 'it is too late to open this complaint again' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_reopens_in_time';
            END IF;
            RETURN NEW;
        """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Escalation",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="escalations",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    (
                        "level",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Not escalated"),
                                (1, "Supervisor"),
                                (2, "Department manager"),
                                (3, "Management"),
                                (4, "Regulator"),
                            ],
                            verbose_name="level",
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("consumer", "Consumer"),
                                ("merchant", "Merchant"),
                                ("agent", "Agent"),
                                ("supervisor", "Supervisor"),
                                ("manager", "Department manager"),
                                ("system", "By itself"),
                            ],
                            max_length=10,
                            verbose_name="in which role",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("why", models.CharField(max_length=200, verbose_name="why")),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "escalation",
                    "verbose_name_plural": "escalations",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("complaint", "level"), name="complaint_reaches_a_level_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("level", 1), ("role__in", ("agent", "supervisor", "manager", "system"))
                                ),
                                models.Q(("level", 2), ("role__in", ("supervisor", "manager", "system"))),
                                models.Q(("level", 3), ("role__in", ("supervisor", "manager", "system"))),
                                models.Q(("level", 4), ("role__in", ("supervisor", "manager"))),
                                _connector="OR",
                            ),
                            name="escalation_is_by_who_may",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("by", None), ("role", "system")),
                                models.Q(models.Q(("role", "system"), _negated=True), ("by__isnull", False)),
                                _connector="OR",
                            ),
                            name="escalation_is_somebodys_or_the_systems",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("why__regex", "\\S")), name="escalation_says_why"
                        ),
                    ],
                    "triggers": [written_once("complaints.Escalation", "escalations_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Grading",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="gradings",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    (
                        "grade",
                        models.CharField(
                            choices=[("minor", "Minor"), ("serious", "Serious"), ("critical", "Critical")],
                            max_length=10,
                            verbose_name="grade",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("why", models.CharField(max_length=200, verbose_name="why")),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "grading",
                    "verbose_name_plural": "gradings",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("why__regex", "\\S")), name="grading_says_why"
                        )
                    ],
                    "triggers": [written_once("complaints.Grading", "gradings_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Reply",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="replies",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("from_staff", models.BooleanField(verbose_name="from the desk")),
                    ("from_shop", models.BooleanField(default=False, verbose_name="from the shop")),
                    ("said", models.TextField(verbose_name="words")),
                    ("key", models.UUIDField(unique=True)),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "reply",
                    "verbose_name_plural": "replies",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("from_shop", True), ("from_staff", True), _negated=True),
                            name="reply_has_one_voice",
                        )
                    ],
                    "triggers": [written_once("complaints.Reply", "replies_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="InternalNote",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="notes",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("said", models.TextField(verbose_name="words")),
                    ("key", models.UUIDField(unique=True)),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "internal note",
                    "verbose_name_plural": "internal notes",
                    "triggers": [written_once("complaints.InternalNote", "notes_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Attachment",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="attachments", to="complaints.complaint"
                        ),
                    ),
                    (
                        "reply",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="attachments",
                            to="complaints.reply",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("picture", "Picture"), ("pdf", "PDF"), ("text", "Text")], max_length=8
                        ),
                    ),
                    ("file", models.FileField(upload_to="complaints/")),
                    ("code", models.CharField(max_length=20, unique=True)),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "attachment",
                    "verbose_name_plural": "attachments",
                    "triggers": [written_once("complaints.Attachment", "attachments_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="FileLook",
                fields=[
                    ID,
                    (
                        "attachment",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="looks",
                            to="complaints.attachment",
                            verbose_name="attachment",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("was_shown", models.BooleanField(verbose_name="shown")),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "look at a file",
                    "verbose_name_plural": "looks at files",
                    "triggers": [written_once("complaints.FileLook", "looks_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="CaseTry",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="tries",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("method", models.CharField(max_length=7, verbose_name="method")),
                    ("path", models.CharField(max_length=200, verbose_name="address")),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "try at a case",
                    "verbose_name_plural": "tries at cases",
                    "triggers": [written_once("complaints.CaseTry", "tries_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="WorkCalendar",
                fields=[
                    ID,
                    ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                    ("time_zone", models.CharField(blank=True, max_length=40, verbose_name="time zone")),
                ],
                options={
                    "verbose_name": "work calendar",
                    "verbose_name_plural": "work calendars",
                    "triggers": [*remembered("complaints.WorkCalendar", "id name time_zone")],
                },
            ),
            migrations.CreateModel(
                name="WorkCalendarEvent",
                fields=[
                    *trail("complaints.workcalendar"),
                    ("id", models.BigIntegerField()),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("time_zone", models.CharField(blank=True, max_length=40, verbose_name="time zone")),
                ],
            ),
            migrations.CreateModel(
                name="WorkSpan",
                fields=[
                    ID,
                    (
                        "calendar",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="spans", to="complaints.workcalendar"
                        ),
                    ),
                    (
                        "weekday",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ],
                            verbose_name="weekday",
                        ),
                    ),
                    ("begins", models.TimeField(verbose_name="begins")),
                    ("ends", models.TimeField(verbose_name="ends")),
                ],
                options={
                    "verbose_name": "working hours",
                    "verbose_name_plural": "working hours",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends__gt", models.F("begins"))),
                            name="work_ends_after_it_begins",
                        )
                    ],
                    "triggers": [*remembered("complaints.WorkSpan", "begins calendar_id ends id weekday")],
                },
            ),
            migrations.CreateModel(
                name="WorkSpanEvent",
                fields=[
                    *trail("complaints.workspan"),
                    ("id", models.BigIntegerField()),
                    ("calendar", was("complaints.workcalendar")),
                    (
                        "weekday",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ],
                            verbose_name="weekday",
                        ),
                    ),
                    ("begins", models.TimeField(verbose_name="begins")),
                    ("ends", models.TimeField(verbose_name="ends")),
                ],
            ),
            migrations.CreateModel(
                name="CalendarDay",
                fields=[
                    ID,
                    (
                        "calendar",
                        models.ForeignKey(
                            on_delete=models.CASCADE,
                            related_name="days",
                            to="complaints.workcalendar",
                            verbose_name="work calendar",
                        ),
                    ),
                    ("day", models.DateField(verbose_name="day")),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    (
                        "is_worked",
                        models.BooleanField(default=False, verbose_name="worked instead of a holiday"),
                    ),
                ],
                options={
                    "verbose_name": "holiday",
                    "verbose_name_plural": "holidays",
                    "constraints": [
                        models.UniqueConstraint(fields=("calendar", "day"), name="calendar_knows_a_day_once")
                    ],
                    "triggers": [*remembered("complaints.CalendarDay", "calendar_id day id is_worked name")],
                },
            ),
            migrations.CreateModel(
                name="CalendarDayEvent",
                fields=[
                    *trail("complaints.calendarday"),
                    ("id", models.BigIntegerField()),
                    ("calendar", was("complaints.workcalendar", verbose_name="work calendar")),
                    ("day", models.DateField(verbose_name="day")),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    (
                        "is_worked",
                        models.BooleanField(default=False, verbose_name="worked instead of a holiday"),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Policy",
                fields=[
                    ID,
                    (
                        "calendar",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="policies",
                            to="complaints.workcalendar",
                            verbose_name="work calendar",
                        ),
                    ),
                    ("why", models.CharField(max_length=200, verbose_name="what changed and why")),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="by whom",
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "deadline policy",
                    "verbose_name_plural": "deadline policies",
                    "triggers": [written_once("complaints.Policy", "policies_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Target",
                fields=[
                    ID,
                    (
                        "policy",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="targets", to="complaints.policy"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("acknowledge", "Acknowledge"),
                                ("answer", "Answer the person"),
                                ("merchant", "Shop’s answer"),
                                ("consumer", "Person’s answer"),
                                ("resolution", "Solution"),
                            ],
                            max_length=12,
                            verbose_name="what",
                        ),
                    ),
                    (
                        "grade",
                        models.CharField(
                            blank=True,
                            choices=[("minor", "Minor"), ("serious", "Serious"), ("critical", "Critical")],
                            max_length=10,
                            verbose_name="grade",
                        ),
                    ),
                    (
                        "reason",
                        models.ForeignKey(
                            blank=True,
                            db_column="reason",
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="complaints.reason",
                            to_field="code",
                            verbose_name="reason",
                        ),
                    ),
                    ("minutes", models.PositiveIntegerField(verbose_name="working minutes")),
                    (
                        "warn_minutes",
                        models.PositiveIntegerField(
                            default=120, verbose_name="warned so many minutes before"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "deadline",
                    "verbose_name_plural": "deadlines",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("policy", "kind", "grade", "reason"),
                            name="policy_promises_a_thing_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("minutes__gt", 0), ("warn_minutes__lt", models.F("minutes"))),
                            name="target_warns_before_it_is_due",
                        ),
                    ],
                    "triggers": [written_once("complaints.Target", "targets_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Clock",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="clocks", to="complaints.complaint"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("acknowledge", "Acknowledge"),
                                ("answer", "Answer the person"),
                                ("merchant", "Shop’s answer"),
                                ("consumer", "Person’s answer"),
                                ("resolution", "Solution"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "target",
                        models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="complaints.target"),
                    ),
                    ("started_at", models.DateTimeField()),
                    ("warn_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField()),
                    ("paused_at", models.DateTimeField(blank=True, null=True)),
                    ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ("warned_at", models.DateTimeField(blank=True, null=True)),
                    ("raised_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "clock",
                    "verbose_name_plural": "clocks",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at", None)),
                            fields=("complaint", "kind"),
                            name="complaint_has_one_clock_of_a_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("due_at__gt", models.F("started_at")), ("warn_at__lte", models.F("due_at"))
                            ),
                            name="clock_warns_then_is_due",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("ended_at", None), ("paused_at", None), _connector="OR"),
                            name="clock_that_ended_stands_no_longer",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("ended_at", None), ("paused_at", None), ("warned_at", None)),
                            fields=["warn_at"],
                            name="clock_to_warn_of",
                        ),
                        models.Index(
                            condition=models.Q(("ended_at", None), ("paused_at", None), ("raised_at", None)),
                            fields=["due_at"],
                            name="clock_to_raise",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pause",
                fields=[
                    ID,
                    (
                        "clock",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="pauses", to="complaints.clock"
                        ),
                    ),
                    ("began_at", models.DateTimeField()),
                    ("ended_at", models.DateTimeField()),
                ],
                options={
                    "verbose_name": "pause",
                    "verbose_name_plural": "pauses",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ended_at__gte", models.F("began_at"))),
                            name="pause_ends_after_it_begins",
                        )
                    ],
                    "triggers": [written_once("complaints.Pause", "pauses_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Duty",
                fields=[
                    ID,
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=models.CASCADE,
                            related_name="complaint_duties",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="colleague",
                        ),
                    ),
                    ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                    (
                        "reason",
                        models.ForeignKey(
                            blank=True,
                            db_column="reason",
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="complaints.reason",
                            to_field="code",
                            verbose_name="reason, with all below it",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "duty",
                    "verbose_name_plural": "duties",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("user", "region", "reason"),
                            name="duty_is_given_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("region", ""), _negated=True),
                                ("reason__isnull", False),
                                _connector="OR",
                            ),
                            name="duty_names_a_region_or_a_reason",
                        ),
                    ],
                    "triggers": [*remembered("complaints.Duty", "id reason region user_id")],
                },
            ),
            migrations.CreateModel(
                name="DutyEvent",
                fields=[
                    *trail("complaints.duty"),
                    ("id", models.BigIntegerField()),
                    ("user", was(settings.AUTH_USER_MODEL, verbose_name="colleague")),
                    ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                    (
                        "reason",
                        was(
                            "complaints.reason",
                            verbose_name="reason, with all below it",
                            blank=True,
                            null=True,
                            db_column="reason",
                            to_field="code",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Survey",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.OneToOneField(
                            on_delete=models.PROTECT,
                            related_name="survey",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    ("token", models.CharField(max_length=20, unique=True)),
                    ("asked_at", models.DateTimeField(verbose_name="asked")),
                    ("score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score")),
                    ("said", models.TextField(blank=True, verbose_name="words")),
                    ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ],
                options={
                    "verbose_name": "survey",
                    "verbose_name_plural": "surveys",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("answered_at", None), ("said", ""), ("score", None)),
                                models.Q(
                                    ("answered_at__isnull", False), ("score__gte", 1), ("score__lte", 5)
                                ),
                                _connector="OR",
                            ),
                            name="survey_is_answered_with_one_to_five",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CallBack",
                fields=[
                    ID,
                    (
                        "survey",
                        models.OneToOneField(
                            on_delete=models.PROTECT,
                            related_name="call_back",
                            to="complaints.survey",
                            verbose_name="survey",
                        ),
                    ),
                    ("opened_at", models.DateTimeField(db_default=Now(), verbose_name="opened")),
                    ("outcome", models.CharField(blank=True, max_length=400, verbose_name="what came of it")),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="who called",
                        ),
                    ),
                    ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ],
                options={
                    "verbose_name": "call-back",
                    "verbose_name_plural": "call-backs",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("by", None), ("done_at", None), ("outcome", "")),
                                models.Q(
                                    ("by__isnull", False),
                                    ("done_at__isnull", False),
                                    ("outcome__regex", "\\S"),
                                ),
                                _connector="OR",
                            ),
                            name="call_back_that_is_done_says_what_came_of_it",
                        )
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("done_at", None)),
                            fields=["opened_at"],
                            name="call_back_queue",
                        )
                    ],
                    "triggers": [
                        *remembered("complaints.CallBack", "by_id done_at id opened_at outcome survey_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="CallBackEvent",
                fields=[
                    *trail("complaints.callback"),
                    ("id", models.BigIntegerField()),
                    ("survey", was("complaints.survey", verbose_name="survey")),
                    ("opened_at", models.DateTimeField(db_default=Now(), verbose_name="opened")),
                    ("outcome", models.CharField(blank=True, max_length=400, verbose_name="what came of it")),
                    ("by", was(settings.AUTH_USER_MODEL, verbose_name="who called", blank=True, null=True)),
                    ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ],
            ),
        ),
    ]
