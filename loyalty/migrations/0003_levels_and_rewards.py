"""Levels, rules of earning and spending, rewards and stamp cards."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

import loyalty.models.rules
from portal.kernel.migrating import ID, Together, remembered, trail, trigger, was, written_once


class Migration(migrations.Migration):
    replaces = [("loyalty", "0003_cards_are_cared_for")]
    dependencies = [("loyalty", "0002_accounts")]
    operations = [
        Together(
            migrations.CreateModel(
                name="LevelRule",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="level_rule", to="loyalty.programme"
                        ),
                    ),
                    (
                        "metric",
                        models.CharField(
                            choices=[
                                ("amount", "What members pay"),
                                ("visits", "How often they come"),
                                ("points", "Points they earn"),
                            ],
                            default="amount",
                            max_length=8,
                            verbose_name="what counts",
                        ),
                    ),
                    (
                        "window",
                        models.CharField(
                            choices=[
                                ("lifetime", "Ever since they joined"),
                                ("calendar", "In the calendar year"),
                                ("rolling", "In the last months"),
                            ],
                            default="rolling",
                            max_length=8,
                            verbose_name="over which time",
                        ),
                    ),
                    ("months", models.PositiveSmallIntegerField(default=12, verbose_name="months")),
                    (
                        "grace_days",
                        models.PositiveSmallIntegerField(default=30, verbose_name="kept for (days)"),
                    ),
                    ("time_zone", models.CharField(max_length=40)),
                    ("settled_on", models.DateField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "rule of levels",
                    "verbose_name_plural": "rules of levels",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("grace_days__gte", 30)), name="level_is_kept_a_month_at_least"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("months__gte", 1), ("months__lte", 120)),
                            name="level_window_has_months",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.LevelRule",
                            "grace_days id merchant_id metric months programme_id time_zone window",
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LevelRuleEvent",
                fields=[
                    *trail("loyalty.levelrule"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    (
                        "metric",
                        models.CharField(
                            choices=[
                                ("amount", "What members pay"),
                                ("visits", "How often they come"),
                                ("points", "Points they earn"),
                            ],
                            default="amount",
                            max_length=8,
                            verbose_name="what counts",
                        ),
                    ),
                    (
                        "window",
                        models.CharField(
                            choices=[
                                ("lifetime", "Ever since they joined"),
                                ("calendar", "In the calendar year"),
                                ("rolling", "In the last months"),
                            ],
                            default="rolling",
                            max_length=8,
                            verbose_name="over which time",
                        ),
                    ),
                    ("months", models.PositiveSmallIntegerField(default=12, verbose_name="months")),
                    (
                        "grace_days",
                        models.PositiveSmallIntegerField(default=30, verbose_name="kept for (days)"),
                    ),
                    ("time_zone", models.CharField(max_length=40)),
                ],
            ),
            migrations.CreateModel(
                name="Level",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="levels",
                            to="loyalty.programme",
                        ),
                    ),
                    ("rank", models.PositiveSmallIntegerField()),
                    ("name", models.CharField(max_length=9, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=20, verbose_name="English name")),
                    ("threshold", models.BigIntegerField(default=0, verbose_name="reached from")),
                    ("discount", models.PositiveSmallIntegerField(default=0, verbose_name="discount")),
                    ("multiplier", models.PositiveSmallIntegerField(default=100, verbose_name="points")),
                    ("privileges", models.CharField(blank=True, max_length=200, verbose_name="privileges")),
                    ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                ],
                options={
                    "verbose_name": "level",
                    "verbose_name_plural": "levels",
                    "constraints": [
                        models.UniqueConstraint(fields=("programme", "rank"), name="level_once_per_rank"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="level_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("rank__gt", 0),
                                models.Q(
                                    ("discount", 0), ("is_on", True), ("multiplier", 100), ("threshold", 0)
                                ),
                                _connector="OR",
                            ),
                            name="lowest_level_asks_and_gives_nothing_special",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("discount__lte", 90),
                                ("multiplier__gte", 100),
                                ("multiplier__lte", 1000),
                                ("threshold__gte", 0),
                            ),
                            name="level_gives_within_reason",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.Level",
                            "discount id is_on merchant_id multiplier name name_en privileges programme_id rank threshold",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="LevelEvent",
                fields=[
                    *trail("loyalty.level"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    ("rank", models.PositiveSmallIntegerField()),
                    ("name", models.CharField(max_length=9, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=20, verbose_name="English name")),
                    ("threshold", models.BigIntegerField(default=0, verbose_name="reached from")),
                    ("discount", models.PositiveSmallIntegerField(default=0, verbose_name="discount")),
                    ("multiplier", models.PositiveSmallIntegerField(default=100, verbose_name="points")),
                    ("privileges", models.CharField(blank=True, max_length=200, verbose_name="privileges")),
                    ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                ],
            ),
            migrations.CreateModel(
                name="Consumption",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="consumptions",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False, on_delete=models.PROTECT, related_name="+", to="merchants.shop"
                        ),
                    ),
                    ("amount", models.BigIntegerField()),
                    ("visits", models.SmallIntegerField(default=1)),
                    ("points", models.BigIntegerField(default=0)),
                    ("key", models.UUIDField()),
                    (
                        "reverses",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="reversed_by",
                            to="loyalty.consumption",
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    ("recorded_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "consumption",
                    "verbose_name_plural": "consumptions",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="consumption_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("amount__gte", 0), ("points__gte", 0), ("reverses", None), ("visits", 1)
                                ),
                                models.Q(
                                    ("amount__lte", 0),
                                    ("points__lte", 0),
                                    ("reverses__isnull", False),
                                    ("visits", -1),
                                ),
                                _connector="OR",
                            ),
                            name="consumption_counts_up_and_its_reversal_down",
                        ),
                    ],
                    "indexes": [models.Index(fields=["card", "at"], name="consumption_of_card")],
                    "triggers": [
                        written_once("loyalty.Consumption", "consumptions_are_written_once"),
                        trigger(
                            "loyalty.Consumption",
                            "consumption_moves_the_level",
                            when="AFTER",
                            operation="INSERT",
                            func="""
                    PERFORM loyalty_settle(
                        NEW.card_id, NEW.at, CASE WHEN NEW.reverses_id IS NOT NULL THEN NEW.at END, false
                    );
                    RETURN NULL;
                """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Standing",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "card",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="standing",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "level",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="loyalty.level",
                        ),
                    ),
                    (
                        "ground",
                        models.CharField(
                            choices=[("earned", "Earned"), ("granted", "Given by the shop")],
                            default="earned",
                            max_length=7,
                        ),
                    ),
                    ("reason", models.CharField(blank=True, max_length=120)),
                    ("since", models.DateTimeField()),
                    ("until", models.DateField(blank=True, null=True)),
                    ("falls_on", models.DateField(blank=True, null=True)),
                    ("noticed_on", models.DateField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "standing",
                    "verbose_name_plural": "standings",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ground", "earned"), ("until", None)),
                                models.Q(
                                    ("ground", "granted"),
                                    ("until__isnull", False),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="given_level_says_until_when_and_why",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("noticed_on", None),
                                models.Q(
                                    (
                                        "falls_on__gte",
                                        CombinedExpression(models.F("noticed_on"), "+", models.Value(30)),
                                    ),
                                    ("falls_on__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="level_falls_a_month_after_notice",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="LevelMove",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="level_moves",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "was",
                        models.ForeignKey(
                            db_index=False, on_delete=models.PROTECT, related_name="+", to="loyalty.level"
                        ),
                    ),
                    (
                        "now",
                        models.ForeignKey(
                            db_index=False, on_delete=models.PROTECT, related_name="+", to="loyalty.level"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
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
                    (
                        "metric",
                        models.CharField(
                            choices=[
                                ("amount", "What members pay"),
                                ("visits", "How often they come"),
                                ("points", "Points they earn"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("counted_from", models.DateTimeField(blank=True, null=True)),
                    ("reached", models.BigIntegerField()),
                    ("threshold", models.BigIntegerField()),
                    ("reason", models.CharField(blank=True, max_length=120)),
                    ("until", models.DateField(blank=True, null=True)),
                    ("key", models.UUIDField(blank=True, null=True)),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    ("told_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "move of level",
                    "verbose_name_plural": "moves of level",
                    "constraints": [
                        models.UniqueConstraint(fields=("card", "key"), name="level_given_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "promoted"), _negated=True),
                                ("reached__gte", models.F("threshold")),
                                _connector="OR",
                            ),
                            name="level_is_reached_by_enough",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "granted"), _negated=True),
                                models.Q(
                                    ("by__isnull", False), ("key__isnull", False), ("until__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="given_level_says_who_gave_it",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["card", "-id"], name="level_moves_of_card"),
                        models.Index(
                            condition=models.Q(("told_at", None)), fields=["id"], name="level_moves_untold"
                        ),
                        models.Index(
                            condition=models.Q(("kind", "granted")),
                            fields=["merchant", "by", "at"],
                            name="levels_given",
                        ),
                    ],
                    "triggers": [
                        trigger(
                            "loyalty.LevelMove",
                            "level_moves_are_written_once",
                            when="BEFORE",
                            operation='DELETE OR UPDATE OF "merchant_id", "card_id", "was_id", "now_id", "kind", "metric", "counted_from", "reached", "threshold", "reason", "until", "key", "by_id", "at"',
                            func='RAISE EXCEPTION \'pgtrigger: Cannot delete or update of "merchant_id", "card_id", "was_id", "now_id", "kind", "metric", "counted_from", "reached", "threshold", "reason", "until", "key", "by_id", "at" rows from % table\', TG_TABLE_NAME;',
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EarningRule",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="earning_rule", to="loyalty.programme"
                        ),
                    ),
                    (
                        "basis",
                        models.CharField(
                            choices=[
                                ("amount", "For what is paid"),
                                ("visit", "For each visit"),
                                ("item", "For each item"),
                            ],
                            default="amount",
                            max_length=6,
                            verbose_name="points are given",
                        ),
                    ),
                    ("every", models.PositiveSmallIntegerField(default=1, verbose_name="for every (yuan)")),
                    (
                        "each",
                        models.PositiveSmallIntegerField(
                            default=10, verbose_name="points for each visit or item"
                        ),
                    ),
                    (
                        "rounding",
                        models.CharField(
                            choices=[
                                ("half_up", "Half a point counts as one"),
                                ("down", "Parts of a point are dropped"),
                                ("up", "Parts of a point count as one"),
                            ],
                            default="half_up",
                            max_length=7,
                            verbose_name="rounding",
                        ),
                    ),
                    (
                        "excluded",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "waits",
                        models.PositiveSmallIntegerField(
                            default=0, verbose_name="points of a sale can be used after (days)"
                        ),
                    ),
                    (
                        "weekdays",
                        ArrayField(
                            base_field=models.PositiveSmallIntegerField(),
                            default=loyalty.models.rules.usual_week,
                            size=None,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "earning rule",
                    "verbose_name_plural": "earning rules",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("each__gte", 1), ("every__gte", 1)),
                            name="points_are_earned_for_something",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("waits__lte", 90)),
                            name="points_wait_no_longer_than_ninety_days",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("weekdays__len", 7)), name="week_has_seven_days"
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.EarningRule",
                            "basis each every excluded id merchant_id programme_id rounding waits weekdays",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="EarningRuleEvent",
                fields=[
                    *trail("loyalty.earningrule"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    (
                        "basis",
                        models.CharField(
                            choices=[
                                ("amount", "For what is paid"),
                                ("visit", "For each visit"),
                                ("item", "For each item"),
                            ],
                            default="amount",
                            max_length=6,
                            verbose_name="points are given",
                        ),
                    ),
                    ("every", models.PositiveSmallIntegerField(default=1, verbose_name="for every (yuan)")),
                    (
                        "each",
                        models.PositiveSmallIntegerField(
                            default=10, verbose_name="points for each visit or item"
                        ),
                    ),
                    (
                        "rounding",
                        models.CharField(
                            choices=[
                                ("half_up", "Half a point counts as one"),
                                ("down", "Parts of a point are dropped"),
                                ("up", "Parts of a point count as one"),
                            ],
                            default="half_up",
                            max_length=7,
                            verbose_name="rounding",
                        ),
                    ),
                    (
                        "excluded",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "waits",
                        models.PositiveSmallIntegerField(
                            default=0, verbose_name="points of a sale can be used after (days)"
                        ),
                    ),
                    (
                        "weekdays",
                        ArrayField(
                            base_field=models.PositiveSmallIntegerField(),
                            default=loyalty.models.rules.usual_week,
                            size=None,
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="SpendingRule",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="spending_rule", to="loyalty.programme"
                        ),
                    ),
                    ("points", models.PositiveIntegerField(default=100, verbose_name="so many points")),
                    ("worth", models.PositiveIntegerField(default=100, verbose_name="are worth")),
                    (
                        "minimum",
                        models.PositiveIntegerField(default=100, verbose_name="from how many points"),
                    ),
                    (
                        "share",
                        models.PositiveSmallIntegerField(
                            default=50, verbose_name="up to this share of a bill"
                        ),
                    ),
                    ("is_on", models.BooleanField(default=True, verbose_name="points pay at the counter")),
                ],
                options={
                    "verbose_name": "spending rule",
                    "verbose_name_plural": "spending rules",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("points__gte", 1), ("share__gte", 1), ("share__lte", 100), ("worth__gte", 1)
                            ),
                            name="points_are_worth_something",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.SpendingRule",
                            "id is_on merchant_id minimum points programme_id share worth",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="SpendingRuleEvent",
                fields=[
                    *trail("loyalty.spendingrule"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    ("points", models.PositiveIntegerField(default=100, verbose_name="so many points")),
                    ("worth", models.PositiveIntegerField(default=100, verbose_name="are worth")),
                    (
                        "minimum",
                        models.PositiveIntegerField(default=100, verbose_name="from how many points"),
                    ),
                    (
                        "share",
                        models.PositiveSmallIntegerField(
                            default=50, verbose_name="up to this share of a bill"
                        ),
                    ),
                    ("is_on", models.BooleanField(default=True, verbose_name="points pay at the counter")),
                ],
            ),
            migrations.CreateModel(
                name="PointsCampaign",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="points_campaigns",
                            to="loyalty.programme",
                        ),
                    ),
                    ("name", models.CharField(max_length=30, verbose_name="name")),
                    ("starts_on", models.DateField(verbose_name="first day")),
                    ("ends_on", models.DateField(verbose_name="last day")),
                    ("multiplier", models.PositiveSmallIntegerField(default=200, verbose_name="points")),
                    ("key", models.UUIDField()),
                    ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "points campaign",
                    "verbose_name_plural": "points campaigns",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("programme", "key"), name="points_campaign_once_per_key"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                            name="points_campaign_ends_after_it_starts",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("multiplier__gt", 100), ("multiplier__lte", 1000)),
                            name="points_campaign_gives_more",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("stopped_at", None)),
                            fields=["programme", "ends_on"],
                            name="points_campaign_running",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.PointsCampaign",
                            "ends_on id key merchant_id multiplier name programme_id starts_on stopped_at",
                            inserts=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PointsCampaignEvent",
                fields=[
                    *trail("loyalty.pointscampaign"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    ("name", models.CharField(max_length=30, verbose_name="name")),
                    ("starts_on", models.DateField(verbose_name="first day")),
                    ("ends_on", models.DateField(verbose_name="last day")),
                    ("multiplier", models.PositiveSmallIntegerField(default=200, verbose_name="points")),
                    ("key", models.UUIDField()),
                    ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Reward",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="rewards", to="loyalty.programme"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                    ("cost", models.PositiveIntegerField(verbose_name="points")),
                    ("stock", models.PositiveIntegerField(verbose_name="pieces")),
                    ("left", models.PositiveIntegerField()),
                    ("days", models.PositiveSmallIntegerField(default=90, verbose_name="good for (days)")),
                    ("key", models.UUIDField()),
                    ("is_on", models.BooleanField(default=True, verbose_name="offered")),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "reward",
                    "verbose_name_plural": "rewards",
                    "constraints": [
                        models.UniqueConstraint(fields=("programme", "key"), name="reward_once_per_key"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="reward_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("cost__gt", 0)), name="reward_costs_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("left__gte", 0), ("left__lte", models.F("stock"))),
                            name="reward_left_within_stock",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("days__gte", 1)), name="reward_is_good_for_a_day"
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.Reward",
                            "cost created_at days id is_on key merchant_id name name_en programme_id stock",
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="RewardEvent",
                fields=[
                    *trail("loyalty.reward"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    ("name", models.CharField(max_length=40, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                    ("cost", models.PositiveIntegerField(verbose_name="points")),
                    ("stock", models.PositiveIntegerField(verbose_name="pieces")),
                    ("days", models.PositiveSmallIntegerField(default=90, verbose_name="good for (days)")),
                    ("key", models.UUIDField()),
                    ("is_on", models.BooleanField(default=True, verbose_name="offered")),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="StampScheme",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="stamp_schemes", to="loyalty.programme"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                    ("gift", models.CharField(max_length=40, verbose_name="what is free")),
                    (
                        "gift_en",
                        models.CharField(blank=True, max_length=60, verbose_name="what is free, in English"),
                    ),
                    ("needed", models.PositiveSmallIntegerField(default=10, verbose_name="stamps")),
                    (
                        "basis",
                        models.CharField(
                            choices=[("visit", "One for each visit"), ("item", "One for each item")],
                            default="visit",
                            max_length=5,
                            verbose_name="a stamp",
                        ),
                    ),
                    (
                        "services",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="stamps are good for (months)"
                        ),
                    ),
                    (
                        "days",
                        models.PositiveSmallIntegerField(
                            default=90, verbose_name="the free one is good for (days)"
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("is_on", models.BooleanField(default=True, verbose_name="running")),
                ],
                options={
                    "verbose_name": "stamp card",
                    "verbose_name_plural": "stamp cards",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("programme", "key"), name="stamp_scheme_once_per_key"
                        ),
                        models.UniqueConstraint(fields=("merchant", "id"), name="stamp_scheme_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("needed__gte", 2), ("needed__lte", 50)),
                            name="stamp_card_needs_two_at_least",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.StampScheme",
                            "basis days gift gift_en id is_on key merchant_id months name name_en needed programme_id services",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="StampSchemeEvent",
                fields=[
                    *trail("loyalty.stampscheme"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    ("name", models.CharField(max_length=40, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                    ("gift", models.CharField(max_length=40, verbose_name="what is free")),
                    (
                        "gift_en",
                        models.CharField(blank=True, max_length=60, verbose_name="what is free, in English"),
                    ),
                    ("needed", models.PositiveSmallIntegerField(default=10, verbose_name="stamps")),
                    (
                        "basis",
                        models.CharField(
                            choices=[("visit", "One for each visit"), ("item", "One for each item")],
                            default="visit",
                            max_length=5,
                            verbose_name="a stamp",
                        ),
                    ),
                    (
                        "services",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="stamps are good for (months)"
                        ),
                    ),
                    (
                        "days",
                        models.PositiveSmallIntegerField(
                            default=90, verbose_name="the free one is good for (days)"
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("is_on", models.BooleanField(default=True, verbose_name="running")),
                ],
            ),
            migrations.CreateModel(
                name="StampCard",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="stamp_cards",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "scheme",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to="loyalty.stampscheme"
                        ),
                    ),
                    ("held", models.PositiveIntegerField(default=0)),
                    ("last_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "stamps of a card",
                    "verbose_name_plural": "stamps of cards",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("card", "scheme"), name="stamps_once_per_card_and_scheme"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="RewardVoucher",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="vouchers",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "reward",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="vouchers",
                            to="loyalty.reward",
                        ),
                    ),
                    (
                        "scheme",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="vouchers",
                            to="loyalty.stampscheme",
                        ),
                    ),
                    (
                        "stamp_card",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="vouchers",
                            to="loyalty.stampcard",
                        ),
                    ),
                    ("stamps", models.PositiveSmallIntegerField(default=0)),
                    ("name", models.CharField(max_length=40)),
                    ("name_en", models.CharField(blank=True, max_length=60)),
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("issued", "Ready to use"),
                                ("used", "Used"),
                                ("returned", "Taken back"),
                            ],
                            default="issued",
                            max_length=8,
                        ),
                    ),
                    (
                        "entry",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="voucher",
                            to="loyalty.entry",
                        ),
                    ),
                    ("key", models.UUIDField()),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("issued_at", models.DateTimeField()),
                    ("valid_until", models.DateTimeField()),
                    ("used_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "used_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "used_shop",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "reward voucher",
                    "verbose_name_plural": "reward vouchers",
                    "constraints": [
                        models.UniqueConstraint(fields=("card", "key"), name="voucher_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("entry__isnull", False),
                                    ("reward__isnull", False),
                                    ("scheme", None),
                                    ("stamp_card", None),
                                    ("stamps", 0),
                                ),
                                models.Q(
                                    ("entry", None),
                                    ("reward", None),
                                    ("scheme__isnull", False),
                                    ("stamp_card__isnull", False),
                                    ("stamps__gt", 0),
                                ),
                                _connector="OR",
                            ),
                            name="voucher_comes_from_points_or_stamps",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state", "used"), ("used_at__isnull", False), ("used_by__isnull", False)
                                ),
                                models.Q(
                                    models.Q(("state", "used"), _negated=True),
                                    ("used_at", None),
                                    ("used_by", None),
                                ),
                                _connector="OR",
                            ),
                            name="used_voucher_says_when_and_by_whom",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["card", "state", "valid_until"], name="vouchers_of_card")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Stamp",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "stamp_card",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="stamps", to="loyalty.stampcard"
                        ),
                    ),
                    ("count", models.SmallIntegerField()),
                    ("key", models.UUIDField()),
                    (
                        "reverses",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="reversed_by",
                            to="loyalty.stamp",
                        ),
                    ),
                    ("lapsed", models.BooleanField(default=False)),
                    (
                        "shop",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "verbose_name": "stamp",
                    "verbose_name_plural": "stamps",
                    "constraints": [
                        models.UniqueConstraint(fields=("stamp_card", "key"), name="stamps_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("count__gt", 0), ("lapsed", False), ("reverses", None)),
                                models.Q(("count__lt", 0), ("lapsed", False), ("reverses__isnull", False)),
                                models.Q(("count__lt", 0), ("lapsed", True), ("reverses", None)),
                                _connector="OR",
                            ),
                            name="stamps_are_given_or_taken",
                        ),
                    ],
                    "triggers": [written_once("loyalty.Stamp", "stamps_are_written_once")],
                },
            ),
        ),
    ]
