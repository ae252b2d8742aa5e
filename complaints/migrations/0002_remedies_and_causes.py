"""What is done about a case and what it came from; reports of misconduct; texts to answer with."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

import complaints.models.macro
from portal.kernel.migrating import ID, Together, remembered, trail, trigger, was, written_once


class Migration(migrations.Migration):
    replaces = [("complaints", "0002_agents")]
    dependencies = [("complaints", "0001_cases")]
    operations = [
        Together(
            migrations.CreateModel(
                name="Cause",
                fields=[
                    ID,
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="children",
                            to="complaints.cause",
                            verbose_name="stands under",
                        ),
                    ),
                    ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                    ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                    ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                    ("is_retired", models.BooleanField(default=False, verbose_name="no longer used")),
                ],
                options={
                    "verbose_name": "cause",
                    "verbose_name_plural": "causes",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("parent", None),
                                models.Q(("parent", models.F("id")), _negated=True),
                                _connector="OR",
                            ),
                            name="cause_is_not_its_own_parent",
                        )
                    ],
                    "triggers": [
                        *remembered("complaints.Cause", "code id is_retired name_en name_zh parent_id"),
                        trigger(
                            "complaints.Cause",
                            "causes_form_a_tree",
                            when="BEFORE",
                            operation='INSERT OR UPDATE OF "parent_id"',
                            func="""
            IF NEW.id IN (WITH RECURSIVE above AS (
                   SELECT id, parent_id FROM complaints_cause WHERE id = NEW.parent_id
                   UNION
                   SELECT c.id, c.parent_id FROM complaints_cause c JOIN above ON c.id = above.parent_id
               ) SELECT id FROM above) THEN
                RAISE EXCEPTION 'a cause would stand under itself' USING ERRCODE = 'check_violation', CONSTRAINT = 'causes_form_a_tree';
            END IF;
            RETURN NEW;
        """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CauseEvent",
                fields=[
                    *trail("complaints.cause"),
                    ("id", models.BigIntegerField()),
                    ("parent", was("complaints.cause", verbose_name="stands under", blank=True, null=True)),
                    ("code", models.SlugField(db_index=False, max_length=30, verbose_name="code")),
                    ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                    ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                    ("is_retired", models.BooleanField(default=False, verbose_name="no longer used")),
                ],
            ),
            migrations.CreateModel(
                name="Finding",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="findings", to="complaints.complaint"
                        ),
                    ),
                    (
                        "cause",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="findings", to="complaints.cause"
                        ),
                    ),
                    ("is_main", models.BooleanField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "finding",
                    "verbose_name_plural": "findings",
                    "constraints": [
                        models.UniqueConstraint(fields=("complaint", "cause"), name="cause_once_per_case"),
                        models.UniqueConstraint(
                            condition=models.Q(("is_main", True)),
                            fields=("complaint",),
                            name="case_has_one_main_cause",
                        ),
                    ],
                    "triggers": [
                        *remembered("complaints.Finding", "at by_id cause_id complaint_id id is_main")
                    ],
                },
            ),
            migrations.CreateModel(
                name="FindingEvent",
                fields=[
                    *trail("complaints.finding"),
                    ("id", models.BigIntegerField()),
                    ("complaint", was("complaints.complaint")),
                    ("cause", was("complaints.cause")),
                    ("is_main", models.BooleanField()),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Prevention",
                fields=[
                    ID,
                    (
                        "cause",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="preventions",
                            to="complaints.cause",
                            verbose_name="cause",
                        ),
                    ),
                    (
                        "merchant",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                            verbose_name="only this merchant",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                            verbose_name="only this shop",
                        ),
                    ),
                    ("what", models.CharField(max_length=200, verbose_name="what is done")),
                    (
                        "owner",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="who sees to it",
                        ),
                    ),
                    ("due_on", models.DateField(verbose_name="until")),
                    (
                        "weeks",
                        models.PositiveSmallIntegerField(
                            default=8, verbose_name="effect is checked after, weeks"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planned", "Planned"),
                                ("done", "Done, effect not checked yet"),
                                ("effective", "It helped"),
                                ("reopened", "It didn’t help: open again"),
                                ("unclear", "Too few cases to tell"),
                            ],
                            default="planned",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    ("evidence", models.TextField(blank=True, verbose_name="how one sees that it was done")),
                    ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                    (
                        "check_on",
                        models.DateField(blank=True, null=True, verbose_name="effect is checked on"),
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
                    ("planned_at", models.DateTimeField(db_default=Now(), verbose_name="planned")),
                ],
                options={
                    "verbose_name": "preventive action",
                    "verbose_name_plural": "preventive actions",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ("planned", "reopened")),
                                models.Q(("done_on__isnull", False), ("evidence__regex", "\\S")),
                                _connector="OR",
                            ),
                            name="prevention_that_is_done_shows_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("check_on__isnull", False), ("state", "done")),
                                models.Q(models.Q(("state", "done"), _negated=True), ("check_on", None)),
                                _connector="OR",
                            ),
                            name="prevention_is_checked_when_it_is_done",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("weeks__gte", 1), ("weeks__lte", 52)),
                            name="prevention_is_checked_after_weeks",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "done")),
                            fields=["check_on"],
                            name="prevention_to_check",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "complaints.Prevention",
                            "by_id cause_id check_on done_on due_on evidence id merchant_id owner_id planned_at shop_id state weeks what",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PreventionEvent",
                fields=[
                    *trail("complaints.prevention"),
                    ("id", models.BigIntegerField()),
                    ("cause", was("complaints.cause", verbose_name="cause")),
                    (
                        "merchant",
                        was("merchants.merchant", verbose_name="only this merchant", blank=True, null=True),
                    ),
                    ("shop", was("merchants.shop", verbose_name="only this shop", blank=True, null=True)),
                    ("what", models.CharField(max_length=200, verbose_name="what is done")),
                    ("owner", was(settings.AUTH_USER_MODEL, verbose_name="who sees to it")),
                    ("due_on", models.DateField(verbose_name="until")),
                    (
                        "weeks",
                        models.PositiveSmallIntegerField(
                            default=8, verbose_name="effect is checked after, weeks"
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("planned", "Planned"),
                                ("done", "Done, effect not checked yet"),
                                ("effective", "It helped"),
                                ("reopened", "It didn’t help: open again"),
                                ("unclear", "Too few cases to tell"),
                            ],
                            default="planned",
                            max_length=10,
                            verbose_name="state",
                        ),
                    ),
                    ("evidence", models.TextField(blank=True, verbose_name="how one sees that it was done")),
                    ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                    (
                        "check_on",
                        models.DateField(blank=True, null=True, verbose_name="effect is checked on"),
                    ),
                    ("by", was(settings.AUTH_USER_MODEL, verbose_name="by whom")),
                    ("planned_at", models.DateTimeField(db_default=Now(), verbose_name="planned")),
                ],
            ),
            migrations.CreateModel(
                name="EffectCheck",
                fields=[
                    ID,
                    (
                        "prevention",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="checks",
                            to="complaints.prevention",
                            verbose_name="preventive action",
                        ),
                    ),
                    ("on", models.DateField(verbose_name="day")),
                    ("days", models.PositiveIntegerField(verbose_name="days")),
                    (
                        "per",
                        models.CharField(
                            choices=[("purchases", "purchases"), ("days", "days")],
                            max_length=9,
                            verbose_name="counted per",
                        ),
                    ),
                    ("cases_before", models.PositiveIntegerField(verbose_name="cases before")),
                    ("of_before", models.PositiveIntegerField(verbose_name="out of, before")),
                    ("cases_after", models.PositiveIntegerField(verbose_name="cases after")),
                    ("of_after", models.PositiveIntegerField(verbose_name="out of, after")),
                    ("uncoded", models.PositiveIntegerField(verbose_name="without a cause")),
                    ("ratio", models.FloatField(null=True, verbose_name="ratio")),
                    ("low", models.FloatField(null=True, verbose_name="lowest ratio")),
                    ("high", models.FloatField(null=True, verbose_name="highest ratio")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("fell", "The rate fell"),
                                ("not", "It can’t be said that the rate fell"),
                                ("few", "Too few cases to tell"),
                                ("uncoded", "Too many cases without a cause to tell"),
                            ],
                            max_length=8,
                            verbose_name="outcome",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "check of an effect",
                    "verbose_name_plural": "checks of effects",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("prevention", "on"), name="effect_is_checked_once_a_day"
                        )
                    ],
                    "triggers": [written_once("complaints.EffectCheck", "checks_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Authority",
                fields=[
                    ID,
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("merchant", "Merchant"),
                                ("agent", "Agent"),
                                ("supervisor", "Supervisor"),
                                ("manager", "Department manager"),
                            ],
                            max_length=10,
                            unique=True,
                            verbose_name="role",
                        ),
                    ),
                    ("most", models.PositiveIntegerField(verbose_name="alone up to")),
                    (
                        "goodwill",
                        models.PositiveIntegerField(default=0, verbose_name="goodwill a month, each"),
                    ),
                ],
                options={
                    "verbose_name": "authority limit",
                    "verbose_name_plural": "authority limits",
                    "triggers": [*remembered("complaints.Authority", "goodwill id most role")],
                },
            ),
            migrations.CreateModel(
                name="AuthorityEvent",
                fields=[
                    *trail("complaints.authority"),
                    ("id", models.BigIntegerField()),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("merchant", "Merchant"),
                                ("agent", "Agent"),
                                ("supervisor", "Supervisor"),
                                ("manager", "Department manager"),
                            ],
                            max_length=10,
                            verbose_name="role",
                        ),
                    ),
                    ("most", models.PositiveIntegerField(verbose_name="alone up to")),
                    (
                        "goodwill",
                        models.PositiveIntegerField(default=0, verbose_name="goodwill a month, each"),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Remedy",
                fields=[
                    ID,
                    (
                        "complaint",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="remedies",
                            to="complaints.complaint",
                            verbose_name="complaint",
                        ),
                    ),
                    (
                        "merchant",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="remedies",
                            to="merchants.merchant",
                            verbose_name="merchant",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("apology", "Apology"),
                                ("refund", "Money back"),
                                ("points", "Points"),
                                ("coupon", "Coupon"),
                                ("service", "Service again"),
                            ],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("proposed", "Proposed"),
                                ("promised", "Promised"),
                                ("executed", "Done"),
                                ("dropped", "Dropped"),
                            ],
                            default="proposed",
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    ("is_goodwill", models.BooleanField(default=False, verbose_name="goodwill")),
                    ("worth", models.PositiveIntegerField(default=0, verbose_name="worth")),
                    ("points", models.PositiveIntegerField(default=0, verbose_name="points")),
                    (
                        "line",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="orders.purchaseline",
                            verbose_name="line of the purchase",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="coupons.couponprogramme",
                            verbose_name="coupon programme",
                        ),
                    ),
                    ("says", models.CharField(max_length=200, verbose_name="what the person reads")),
                    ("key", models.UUIDField(unique=True)),
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
                        "proposed_by",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="proposed by",
                        ),
                    ),
                    ("proposed_at", models.DateTimeField(db_default=Now(), verbose_name="proposed")),
                    (
                        "needs_second",
                        models.BooleanField(default=False, verbose_name="needs a second person"),
                    ),
                    (
                        "approved_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="approved by",
                        ),
                    ),
                    ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                    (
                        "agreed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="agreed by",
                        ),
                    ),
                    ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed")),
                    ("proof", models.CharField(blank=True, max_length=120, verbose_name="proof")),
                    (
                        "stuck",
                        models.CharField(blank=True, max_length=200, verbose_name="why it couldn’t be done"),
                    ),
                    (
                        "dropped_why",
                        models.CharField(blank=True, max_length=200, verbose_name="why it was dropped"),
                    ),
                    (
                        "executed_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="done by",
                        ),
                    ),
                    ("executed_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                    (
                        "reply",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="remedy",
                            to="complaints.reply",
                        ),
                    ),
                    (
                        "entry",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="remedy",
                            to="loyalty.entry",
                        ),
                    ),
                    (
                        "coupon",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="remedy",
                            to="coupons.coupon",
                        ),
                    ),
                    (
                        "returned",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="remedy",
                            to="orders.return",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "remedy",
                    "verbose_name_plural": "remedies",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("executed_at__isnull", False), ("state", "executed")),
                                models.Q(
                                    models.Q(("state", "executed"), _negated=True),
                                    ("entry", None),
                                    ("executed_at", None),
                                    ("reply", None),
                                    ("coupon", None),
                                    ("returned", None),
                                ),
                                _connector="OR",
                            ),
                            name="remedy_is_executed_at_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "executed"), _negated=True),
                                models.Q(("kind", "apology"), ("reply__isnull", False)),
                                models.Q(("entry__isnull", False), ("kind", "points")),
                                models.Q(("coupon__isnull", False), ("kind", "coupon")),
                                models.Q(
                                    ("kind", "refund"),
                                    ("proof__regex", "\\S"),
                                    models.Q(("line", None), ("returned__isnull", False), _connector="OR"),
                                ),
                                models.Q(("kind", "service"), ("proof__regex", "\\S")),
                                _connector="OR",
                            ),
                            name="remedy_executed_made_what_it_says",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("needs_second", False),
                                models.Q(("state__in", ("promised", "executed")), _negated=True),
                                ("approved_by__isnull", False),
                                _connector="OR",
                            ),
                            name="remedy_above_the_limit_has_a_second_person",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("approved_by", None),
                                models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="remedy_is_never_approved_by_who_proposed_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_goodwill", True),
                                ("kind", "apology"),
                                models.Q(("state__in", ("promised", "executed")), _negated=True),
                                ("agreed_by__isnull", False),
                                _connector="OR",
                            ),
                            name="remedy_of_a_merchant_is_agreed_by_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "apology"), ("worth", 0)),
                                models.Q(models.Q(("kind", "apology"), _negated=True), ("worth__gt", 0)),
                                _connector="OR",
                            ),
                            name="remedy_is_worth_something",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "points"), ("points__gt", 0)),
                                models.Q(models.Q(("kind", "points"), _negated=True), ("points", 0)),
                                _connector="OR",
                            ),
                            name="remedy_of_points_says_how_many",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "coupon"), ("programme__isnull", False)),
                                models.Q(models.Q(("kind", "coupon"), _negated=True), ("programme", None)),
                                _connector="OR",
                            ),
                            name="remedy_of_a_coupon_says_which",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_goodwill", False),
                                models.Q(("agreed_by", None), ("kind", "refund"), ("line", None)),
                                _connector="OR",
                            ),
                            name="remedy_of_goodwill_is_money",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "promised")), fields=["id"], name="remedy_owed"
                        ),
                        models.Index(
                            condition=models.Q(("is_goodwill", True)),
                            fields=["proposed_by", "proposed_at"],
                            name="remedy_of_goodwill",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "complaints.Remedy",
                            "agreed_at agreed_by_id approved_at approved_by_id complaint_id coupon_id dropped_why entry_id executed_at executed_by_id id is_goodwill key kind line_id merchant_id needs_second points programme_id proof proposed_at proposed_by_id reply_id returned_id role says state stuck worth",
                        ),
                        trigger(
                            "complaints.Remedy",
                            "remedy_goes_forward",
                            when="BEFORE",
                            operation="UPDATE OR DELETE",
                            func="""
            IF TG_OP = 'DELETE' OR OLD.state IN ('executed', 'dropped')
               OR OLD.state = 'promised' AND NEW.state = 'proposed'
               OR OLD.state = 'proposed' AND NEW.state = 'executed'
               OR (OLD.complaint_id, OLD.merchant_id, OLD.kind, OLD.is_goodwill, OLD.worth, OLD.points,
                   OLD.line_id, OLD.programme_id, OLD.says, OLD.key, OLD.proposed_by_id, OLD.needs_second)
                  IS DISTINCT FROM
                  (NEW.complaint_id, NEW.merchant_id, NEW.kind, NEW.is_goodwill, NEW.worth, NEW.points,
                   NEW.line_id, NEW.programme_id, NEW.says, NEW.key, NEW.proposed_by_id, NEW.needs_second)
            THEN RAISE EXCEPTION 'this step of a remedy is not allowed' USING ERRCODE = 'check_violation', CONSTRAINT = 'remedy_goes_forward'; END IF;
            RETURN NEW;
        """,
                        ),
                        trigger(
                            "complaints.Remedy",
                            "remedy_stays_in_its_case",
                            when="BEFORE",
                            operation="INSERT OR UPDATE",
                            declare="DECLARE stands complaints_complaint%ROWTYPE;",
                            func="""
            SELECT * INTO stands FROM complaints_complaint WHERE id = NEW.complaint_id;
            IF NEW.merchant_id IS DISTINCT FROM stands.merchant_id
               OR NEW.line_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders_purchaseline
                   WHERE id = NEW.line_id AND purchase_id = stands.purchase_id)
               OR NEW.programme_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coupons_couponprogramme
                   WHERE id = NEW.programme_id AND merchant_id = NEW.merchant_id)
               OR NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loyalty_entry
                   WHERE id = NEW.entry_id AND merchant_id = NEW.merchant_id)
               OR NEW.coupon_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coupons_coupon
                   WHERE id = NEW.coupon_id AND merchant_id = NEW.merchant_id)
               OR NEW.returned_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders_return
                   WHERE id = NEW.returned_id AND merchant_id = NEW.merchant_id)
               OR NEW.reply_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM complaints_reply
                   WHERE id = NEW.reply_id AND complaint_id = NEW.complaint_id)
            THEN RAISE EXCEPTION 'this belongs to another case or merchant' USING ERRCODE = 'check_violation', CONSTRAINT = 'remedy_stays_in_its_case'; END IF;
            RETURN NEW;
        """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="RemedyEvent",
                fields=[
                    *trail("complaints.remedy"),
                    ("id", models.BigIntegerField()),
                    ("complaint", was("complaints.complaint", verbose_name="complaint")),
                    ("merchant", was("merchants.merchant", verbose_name="merchant", blank=True, null=True)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("apology", "Apology"),
                                ("refund", "Money back"),
                                ("points", "Points"),
                                ("coupon", "Coupon"),
                                ("service", "Service again"),
                            ],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("proposed", "Proposed"),
                                ("promised", "Promised"),
                                ("executed", "Done"),
                                ("dropped", "Dropped"),
                            ],
                            default="proposed",
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    ("is_goodwill", models.BooleanField(default=False, verbose_name="goodwill")),
                    ("worth", models.PositiveIntegerField(default=0, verbose_name="worth")),
                    ("points", models.PositiveIntegerField(default=0, verbose_name="points")),
                    (
                        "line",
                        was(
                            "orders.purchaseline", verbose_name="line of the purchase", blank=True, null=True
                        ),
                    ),
                    (
                        "programme",
                        was(
                            "coupons.couponprogramme", verbose_name="coupon programme", blank=True, null=True
                        ),
                    ),
                    ("says", models.CharField(max_length=200, verbose_name="what the person reads")),
                    ("key", models.UUIDField()),
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
                    ("proposed_by", was(settings.AUTH_USER_MODEL, verbose_name="proposed by")),
                    ("proposed_at", models.DateTimeField(db_default=Now(), verbose_name="proposed")),
                    (
                        "needs_second",
                        models.BooleanField(default=False, verbose_name="needs a second person"),
                    ),
                    (
                        "approved_by",
                        was(settings.AUTH_USER_MODEL, verbose_name="approved by", blank=True, null=True),
                    ),
                    ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                    (
                        "agreed_by",
                        was(settings.AUTH_USER_MODEL, verbose_name="agreed by", blank=True, null=True),
                    ),
                    ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed")),
                    ("proof", models.CharField(blank=True, max_length=120, verbose_name="proof")),
                    (
                        "stuck",
                        models.CharField(blank=True, max_length=200, verbose_name="why it couldn’t be done"),
                    ),
                    (
                        "dropped_why",
                        models.CharField(blank=True, max_length=200, verbose_name="why it was dropped"),
                    ),
                    (
                        "executed_by",
                        was(settings.AUTH_USER_MODEL, verbose_name="done by", blank=True, null=True),
                    ),
                    ("executed_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                    ("reply", was("complaints.reply", blank=True, null=True)),
                    ("entry", was("loyalty.entry", blank=True, null=True)),
                    ("coupon", was("coupons.coupon", blank=True, null=True)),
                    ("returned", was("orders.return", blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="MisconductReport",
                fields=[
                    ID,
                    ("number", models.CharField(max_length=10, unique=True, verbose_name="number")),
                    ("token", models.CharField(max_length=20, unique=True)),
                    (
                        "person",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "conduct",
                        models.CharField(
                            choices=[
                                ("harass", "Harassment or threats"),
                                ("discrim", "Discrimination"),
                                ("fraud", "Fraud or theft"),
                                ("privacy", "My personal data were misused"),
                                ("portal", "Somebody who works for Street Corner"),
                            ],
                            max_length=8,
                            verbose_name="conduct",
                        ),
                    ),
                    ("said", models.TextField(verbose_name="what happened")),
                    ("key", models.UUIDField()),
                    ("filed_at", models.DateTimeField(db_default=Now(), verbose_name="reported at")),
                    ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ],
                options={
                    "verbose_name": "misconduct report",
                    "verbose_name_plural": "misconduct reports",
                    "permissions": [("handle_misconduct", "Can read and answer misconduct reports")],
                    "default_permissions": (),
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "key"), name="misconduct_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("closed_at", None), ("closed_at__gte", models.F("filed_at")), _connector="OR"
                            ),
                            name="misconduct_closes_after_it_was_reported",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MisconductReply",
                fields=[
                    ID,
                    (
                        "report",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="replies", to="complaints.misconductreport"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("from_staff", models.BooleanField()),
                    ("closes", models.BooleanField(default=False)),
                    ("said", models.TextField()),
                    ("key", models.UUIDField(unique=True)),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "reply",
                    "verbose_name_plural": "replies",
                    "default_permissions": (),
                    "triggers": [
                        written_once("complaints.MisconductReply", "misconduct_replies_are_written_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="MisconductNote",
                fields=[
                    ID,
                    (
                        "report",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="notes", to="complaints.misconductreport"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("said", models.TextField()),
                    ("key", models.UUIDField(unique=True)),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "internal note",
                    "verbose_name_plural": "internal notes",
                    "default_permissions": (),
                    "triggers": [
                        written_once("complaints.MisconductNote", "misconduct_notes_are_written_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="MisconductLook",
                fields=[
                    ID,
                    (
                        "report",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="looks", to="complaints.misconductreport"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("was_shown", models.BooleanField()),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "look at a misconduct report",
                    "verbose_name_plural": "looks at misconduct reports",
                    "default_permissions": (),
                    "triggers": [
                        written_once("complaints.MisconductLook", "misconduct_looks_are_written_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Macro",
                fields=[
                    ID,
                    ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
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
                            verbose_name="only for this reason",
                        ),
                    ),
                    (
                        "text_zh",
                        models.TextField(
                            max_length=4000,
                            validators=[complaints.models.macro.check_fields],
                            verbose_name="Chinese",
                        ),
                    ),
                    (
                        "text_en",
                        models.TextField(
                            max_length=4000,
                            validators=[complaints.models.macro.check_fields],
                            verbose_name="English",
                        ),
                    ),
                    ("is_kept", models.BooleanField(default=True, verbose_name="in use")),
                ],
                options={
                    "verbose_name": "macro",
                    "verbose_name_plural": "macros",
                    "triggers": [*remembered("complaints.Macro", "id is_kept name reason text_en text_zh")],
                },
            ),
            migrations.CreateModel(
                name="MacroEvent",
                fields=[
                    *trail("complaints.macro"),
                    ("id", models.BigIntegerField()),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    (
                        "reason",
                        was(
                            "complaints.reason",
                            verbose_name="only for this reason",
                            blank=True,
                            null=True,
                            db_column="reason",
                            to_field="code",
                        ),
                    ),
                    (
                        "text_zh",
                        models.TextField(
                            max_length=4000,
                            validators=[complaints.models.macro.check_fields],
                            verbose_name="Chinese",
                        ),
                    ),
                    (
                        "text_en",
                        models.TextField(
                            max_length=4000,
                            validators=[complaints.models.macro.check_fields],
                            verbose_name="English",
                        ),
                    ),
                    ("is_kept", models.BooleanField(default=True, verbose_name="in use")),
                ],
            ),
        ),
    ]
