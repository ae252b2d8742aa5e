"""Reviews and who decides about them, conversations with shops, what a person follows and where they go."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.functions import Now

import consumers.models.score
from portal.kernel.migrating import ID, Together, remembered, trail, trigger, was, written_once


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("consumers", "0001_reviews"),
        ("consumers", "0004_interests"),
        ("consumers", "0005_moderators"),
        ("consumers", "0006_conversations"),
        ("consumers", "0007_conversation_walls"),
        ("consumers", "0008_more_tags"),
        ("consumers", "0009_areas_by_place"),
        ("consumers", "0010_here_now"),
    ]
    dependencies = [
        ("merchants", "0004_first_rows"),
        ("orders", "0002_walls_around_sales"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.CreateModel(
                name="Ask",
                fields=[
                    (
                        "purchase",
                        models.OneToOneField(
                            on_delete=models.CASCADE,
                            primary_key=True,
                            related_name="+",
                            serialize=False,
                            to="orders.purchase",
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False, on_delete=models.CASCADE, related_name="+", to="merchants.shop"
                        ),
                    ),
                    ("ask_at", models.DateTimeField()),
                ],
                options={"indexes": [models.Index(fields=["ask_at"], name="ask_due")]},
            ),
            migrations.CreateModel(
                name="Review",
                fields=[
                    ID,
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="reviews",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="reviews",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("verified", "Verified review"), ("ordinary", "Ordinary review")],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "purchase",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="reviews",
                            to="orders.purchase",
                        ),
                    ),
                    ("stars", models.PositiveSmallIntegerField(verbose_name="stars")),
                    (
                        "service",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Service"),
                    ),
                    (
                        "environment",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Environment"),
                    ),
                    (
                        "value",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="Value for money"
                        ),
                    ),
                    (
                        "tags",
                        ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("friendly", "Friendly"),
                                    ("skilled", "Skilled"),
                                    ("quick", "No waiting"),
                                    ("clean", "Clean"),
                                    ("quiet", "Quiet"),
                                    ("fair", "Price as announced"),
                                    ("cheap", "Good value"),
                                    ("goods", "Good quality"),
                                    ("again", "Will come again"),
                                    ("slow", "Long wait"),
                                    ("noisy", "Noisy"),
                                    ("rude", "Unfriendly"),
                                    ("dirty", "Not clean"),
                                    ("pushy", "Pushed to buy a card"),
                                    ("dear", "Dearer than announced"),
                                ],
                                max_length=10,
                            ),
                            blank=True,
                            default=list,
                            size=None,
                        ),
                    ),
                    ("said", models.TextField(blank=True, verbose_name="what was said")),
                    ("is_named", models.BooleanField(default=False, verbose_name="with the name")),
                    ("visited_on", models.DateField(blank=True, null=True, verbose_name="visited on")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("shown", "Shown"),
                                ("held", "Waiting for a look by staff"),
                                ("hidden", "Taken down by staff"),
                                ("gone", "Taken back by its writer"),
                            ],
                            default="shown",
                            max_length=6,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "held_for",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", ""),
                                ("burst", "Very many reviews of this shop in one day"),
                                ("link", "There is a link or a phone number in it"),
                            ],
                            default="",
                            max_length=5,
                            verbose_name="held because",
                        ),
                    ),
                    ("demoted_at", models.DateTimeField(blank=True, null=True)),
                    ("reported_at", models.DateTimeField(blank=True, null=True)),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("useful_at", models.DateTimeField()),
                    ("key", models.UUIDField()),
                    ("written_at", models.DateTimeField(db_default=Now(), verbose_name="written")),
                    ("edited_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "review",
                    "verbose_name_plural": "reviews",
                    "permissions": [("moderate_review", "Can decide about reviews")],
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "key"), name="review_once_per_key"),
                        models.UniqueConstraint(fields=("purchase",), name="purchase_reviewed_once"),
                        models.CheckConstraint(
                            condition=models.Q(("stars__gte", 1), ("stars__lte", 5)),
                            name="review_has_one_to_five_stars",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("service", None),
                                    models.Q(("service__gte", 1), ("service__lte", 5)),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("environment", None),
                                    models.Q(("environment__gte", 1), ("environment__lte", 5)),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("value", None),
                                    models.Q(("value__gte", 1), ("value__lte", 5)),
                                    _connector="OR",
                                ),
                            ),
                            name="review_aspects_have_one_to_five_stars",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind", "ordinary"),
                                models.Q(("demoted_at", None), ("purchase__isnull", False)),
                                _connector="OR",
                            ),
                            name="verified_review_has_a_purchase",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("kind", "verified"),
                                models.Q(("demoted_at", None), ("purchase", None)),
                                models.Q(("demoted_at__isnull", False), ("purchase__isnull", False)),
                                _connector="OR",
                            ),
                            name="ordinary_review_has_none_unless_demoted",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "held"), models.Q(("held_for", ""), _negated=True)),
                                models.Q(models.Q(("state", "held"), _negated=True), ("held_for", "")),
                                _connector="OR",
                            ),
                            name="held_review_says_why",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "shown")),
                            fields=["shop", "kind", "-useful_at", "-id"],
                            name="review_useful",
                        ),
                        models.Index(fields=["shop", "-written_at", "-id"], name="review_newest"),
                        models.Index(fields=["person", "-id"], name="review_of_person"),
                        models.Index(
                            condition=models.Q(("answered_at", None), ("state", "shown")),
                            fields=["shop", "-written_at", "-id"],
                            name="review_unanswered",
                        ),
                        models.Index(
                            condition=models.Q(
                                ("state", "held"), ("reported_at__isnull", False), _connector="OR"
                            ),
                            fields=["written_at", "id"],
                            name="review_for_staff",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "consumers.Review",
                            "answered_at demoted_at edited_at environment held_for id is_named key kind person_id purchase_id reported_at said service shop_id stars state tags token useful_at value visited_on written_at",
                        ),
                        trigger(
                            "consumers.Review",
                            "verified_review_begins_with_its_purchase",
                            when="BEFORE",
                            operation="INSERT",
                            condition='WHEN (NEW."purchase_id" IS NOT NULL)',
                            func="""
            IF NOT EXISTS (
                SELECT FROM orders_purchase p JOIN merchants_customer c ON c.id = p.customer_id
                WHERE p.id = NEW.purchase_id AND p.shop_id = NEW.shop_id AND c.user_id = NEW.person_id
                  AND p.undone_at IS NULL
                  AND NEW.written_at BETWEEN p.made_at AND p.made_at + interval '30 days'
            ) THEN
                RAISE EXCEPTION 'no such purchase of this person' USING ERRCODE = 'check_violation', CONSTRAINT = 'verified_review_begins_with_its_purchase';
            END IF;
            RETURN NEW;
        """,
                        ),
                        trigger(
                            "consumers.Review",
                            "review_keeps_writer_and_purchase",
                            when="BEFORE",
                            operation='UPDATE OF "person_id", "purchase_id", "kind", "written_at"',
                            func="""
            IF (NEW.person_id, NEW.purchase_id, NEW.written_at) IS DISTINCT FROM
               (OLD.person_id, OLD.purchase_id, OLD.written_at)
               OR (OLD.kind = 'ordinary' AND NEW.kind = 'verified') THEN
                RAISE EXCEPTION 'a review never changes hands or rises' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_keeps_writer_and_purchase';
            END IF;
            RETURN NEW;
        """,
                        ),
                        trigger(
                            "consumers.Review",
                            "review_insert_is_counted",
                            when="AFTER",
                            operation="INSERT",
                            referencing="REFERENCING NEW TABLE AS after_it ",
                            level="STATEMENT",
                            func="""
            PERFORM consumers_count_reviews(array_agg(shop_id)) FROM (SELECT shop_id FROM after_it) AS t HAVING count(*) > 0;
            RETURN NULL;
        """,
                        ),
                        trigger(
                            "consumers.Review",
                            "review_update_is_counted",
                            when="AFTER",
                            operation="UPDATE",
                            referencing="REFERENCING OLD TABLE AS before_it  NEW TABLE AS after_it ",
                            level="STATEMENT",
                            func="""
            PERFORM consumers_count_reviews(array_agg(shop_id)) FROM (SELECT shop_id FROM before_it UNION SELECT shop_id FROM after_it) AS t HAVING count(*) > 0;
            RETURN NULL;
        """,
                        ),
                        trigger(
                            "consumers.Review",
                            "review_delete_is_counted",
                            when="AFTER",
                            operation="DELETE",
                            referencing="REFERENCING OLD TABLE AS before_it ",
                            level="STATEMENT",
                            func="""
            PERFORM consumers_count_reviews(array_agg(shop_id)) FROM (SELECT shop_id FROM before_it) AS t HAVING count(*) > 0;
            RETURN NULL;
        """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReviewEvent",
                fields=[
                    *trail("consumers.review"),
                    ("id", models.BigIntegerField()),
                    ("token", models.CharField(max_length=16)),
                    ("shop", was("merchants.shop")),
                    ("person", was(settings.AUTH_USER_MODEL)),
                    (
                        "kind",
                        models.CharField(
                            choices=[("verified", "Verified review"), ("ordinary", "Ordinary review")],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    ("purchase", was("orders.purchase", blank=True, null=True)),
                    ("stars", models.PositiveSmallIntegerField(verbose_name="stars")),
                    (
                        "service",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Service"),
                    ),
                    (
                        "environment",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Environment"),
                    ),
                    (
                        "value",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="Value for money"
                        ),
                    ),
                    (
                        "tags",
                        ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("friendly", "Friendly"),
                                    ("skilled", "Skilled"),
                                    ("quick", "No waiting"),
                                    ("clean", "Clean"),
                                    ("quiet", "Quiet"),
                                    ("fair", "Price as announced"),
                                    ("cheap", "Good value"),
                                    ("goods", "Good quality"),
                                    ("again", "Will come again"),
                                    ("slow", "Long wait"),
                                    ("noisy", "Noisy"),
                                    ("rude", "Unfriendly"),
                                    ("dirty", "Not clean"),
                                    ("pushy", "Pushed to buy a card"),
                                    ("dear", "Dearer than announced"),
                                ],
                                max_length=10,
                            ),
                            blank=True,
                            default=list,
                            size=None,
                        ),
                    ),
                    ("said", models.TextField(blank=True, verbose_name="what was said")),
                    ("is_named", models.BooleanField(default=False, verbose_name="with the name")),
                    ("visited_on", models.DateField(blank=True, null=True, verbose_name="visited on")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("shown", "Shown"),
                                ("held", "Waiting for a look by staff"),
                                ("hidden", "Taken down by staff"),
                                ("gone", "Taken back by its writer"),
                            ],
                            default="shown",
                            max_length=6,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "held_for",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", ""),
                                ("burst", "Very many reviews of this shop in one day"),
                                ("link", "There is a link or a phone number in it"),
                            ],
                            default="",
                            max_length=5,
                            verbose_name="held because",
                        ),
                    ),
                    ("demoted_at", models.DateTimeField(blank=True, null=True)),
                    ("reported_at", models.DateTimeField(blank=True, null=True)),
                    ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ("useful_at", models.DateTimeField()),
                    ("key", models.UUIDField()),
                    ("written_at", models.DateTimeField(db_default=Now(), verbose_name="written")),
                    ("edited_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="ReviewPhoto",
                fields=[
                    ID,
                    (
                        "review",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="photos",
                            to="consumers.review",
                        ),
                    ),
                    ("stem", models.CharField(max_length=120, unique=True)),
                    ("digest", models.BinaryField(max_length=32)),
                    ("width", models.PositiveSmallIntegerField()),
                    ("height", models.PositiveSmallIntegerField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("review", "digest"), name="review_photo_once")
                    ]
                },
            ),
            migrations.CreateModel(
                name="Reply",
                fields=[
                    ID,
                    (
                        "review",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="reply", to="consumers.review"
                        ),
                    ),
                    ("said", models.TextField(verbose_name="answer")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("written_at", models.DateTimeField(db_default=Now())),
                    ("edited_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "answer to a review",
                    "verbose_name_plural": "answers to reviews",
                    "triggers": [
                        *remembered("consumers.Reply", "by_id edited_at id review_id said written_at")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReplyEvent",
                fields=[
                    *trail("consumers.reply"),
                    ("id", models.BigIntegerField()),
                    ("review", was("consumers.review")),
                    ("said", models.TextField(verbose_name="answer")),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("written_at", models.DateTimeField(db_default=Now())),
                    ("edited_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Decision",
                fields=[
                    ID,
                    (
                        "review",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="decisions", to="consumers.review"
                        ),
                    ),
                    (
                        "before",
                        models.CharField(
                            choices=[
                                ("shown", "Shown"),
                                ("held", "Waiting for a look by staff"),
                                ("hidden", "Taken down by staff"),
                                ("gone", "Taken back by its writer"),
                            ],
                            max_length=6,
                        ),
                    ),
                    (
                        "after",
                        models.CharField(
                            choices=[
                                ("shown", "Shown"),
                                ("held", "Waiting for a look by staff"),
                                ("hidden", "Taken down by staff"),
                                ("gone", "Taken back by its writer"),
                            ],
                            max_length=6,
                        ),
                    ),
                    (
                        "rule",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("insult", "Insulting or threatening"),
                                ("private", "Personal data of somebody"),
                                ("advert", "Advertising"),
                                ("novisit", "Not about a visit to this shop"),
                                ("inside", "Written by somebody who works there, or by a competitor"),
                                ("burst", "Part of a wave of reviews"),
                                ("other", "Something else"),
                            ],
                            max_length=8,
                            verbose_name="rule",
                        ),
                    ),
                    ("said", models.CharField(max_length=400, verbose_name="reason")),
                    (
                        "by",
                        models.ForeignKey(
                            null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "decision about a review",
                    "verbose_name_plural": "decisions about reviews",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("said", ""), _negated=True), name="decision_says_why"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("after", "hidden"), _negated=True),
                                models.Q(("rule", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="taken_down_review_broke_a_rule",
                        ),
                    ],
                    "triggers": [written_once("consumers.Decision", "review_decisions_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Report",
                fields=[
                    ID,
                    (
                        "review",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="reports",
                            to="consumers.review",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("from_shop", models.BooleanField(default=False, verbose_name="from the shop")),
                    (
                        "rule",
                        models.CharField(
                            choices=[
                                ("insult", "Insulting or threatening"),
                                ("private", "Personal data of somebody"),
                                ("advert", "Advertising"),
                                ("novisit", "Not about a visit to this shop"),
                                ("inside", "Written by somebody who works there, or by a competitor"),
                                ("burst", "Part of a wave of reviews"),
                                ("other", "Something else"),
                            ],
                            max_length=8,
                            verbose_name="rule",
                        ),
                    ),
                    ("said", models.CharField(blank=True, max_length=400, verbose_name="what is wrong")),
                    (
                        "decision",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="settles",
                            to="consumers.decision",
                            verbose_name="decision",
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="reported")),
                ],
                options={
                    "verbose_name": "report of a review",
                    "verbose_name_plural": "reports of reviews",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("review", "by"), name="review_reported_once_per_person"
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("from_shop", True)),
                            fields=("review",),
                            name="review_reported_once_by_its_shop",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Score",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="scores",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("verified", "Verified review"), ("ordinary", "Ordinary review")],
                            max_length=8,
                        ),
                    ),
                    ("count", models.PositiveIntegerField(default=0)),
                    ("stars", models.JSONField(default=consumers.models.score.no_stars)),
                    ("stars_sum", models.PositiveIntegerField(default=0)),
                    ("service_sum", models.PositiveIntegerField(default=0)),
                    ("service_count", models.PositiveIntegerField(default=0)),
                    ("environment_sum", models.PositiveIntegerField(default=0)),
                    ("environment_count", models.PositiveIntegerField(default=0)),
                    ("value_sum", models.PositiveIntegerField(default=0)),
                    ("value_count", models.PositiveIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "score",
                    "verbose_name_plural": "scores",
                    "constraints": [
                        models.UniqueConstraint(fields=("shop", "kind"), name="score_once_per_shop_and_kind")
                    ],
                },
            ),
            migrations.CreateModel(
                name="MessageBox",
                fields=[
                    (
                        "shop",
                        models.OneToOneField(
                            on_delete=models.CASCADE,
                            primary_key=True,
                            related_name="box",
                            serialize=False,
                            to="merchants.shop",
                        ),
                    ),
                    ("is_open", models.BooleanField(default=True, verbose_name="takes messages")),
                ],
                options={
                    "verbose_name": "message box",
                    "verbose_name_plural": "message boxes",
                    "triggers": [*remembered("consumers.MessageBox", "is_open shop_id", key="shop_id")],
                },
            ),
            migrations.CreateModel(
                name="MessageBoxEvent",
                fields=[
                    *trail("consumers.messagebox"),
                    ("shop", was("merchants.shop", serialize=False)),
                    ("is_open", models.BooleanField(default=True, verbose_name="takes messages")),
                ],
            ),
            migrations.CreateModel(
                name="Promptness",
                fields=[
                    (
                        "shop",
                        models.OneToOneField(
                            on_delete=models.CASCADE,
                            primary_key=True,
                            related_name="promptness",
                            serialize=False,
                            to="merchants.shop",
                        ),
                    ),
                    ("minutes", models.PositiveIntegerField()),
                ],
            ),
            migrations.CreateModel(
                name="Conversation",
                fields=[
                    ID,
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="conversations",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="conversations", to="merchants.shop"
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="conversations",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("waiting_since", models.DateTimeField(blank=True, null=True)),
                    ("last_at", models.DateTimeField(verbose_name="last letter")),
                    ("shop_unread", models.BooleanField(default=False)),
                    ("person_unread", models.BooleanField(default=False)),
                    (
                        "blocked_by_shop",
                        models.BooleanField(default=False, verbose_name="blocked by the shop"),
                    ),
                    (
                        "blocked_by_person",
                        models.BooleanField(default=False, verbose_name="blocked by the person"),
                    ),
                    (
                        "closed_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="closed by staff"),
                    ),
                    ("began_at", models.DateTimeField(db_default=Now(), verbose_name="began")),
                ],
                options={
                    "verbose_name": "conversation",
                    "verbose_name_plural": "conversations",
                    "permissions": [("moderate_conversation", "Can decide about reported conversations")],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("merchant", "shop", "person"), name="one_conversation_per_person_and_shop"
                        ),
                        models.UniqueConstraint(fields=("merchant", "id"), name="conversation_of_merchant"),
                    ],
                    "indexes": [
                        models.Index(fields=["merchant", "-last_at", "-id"], name="conversation_latest"),
                        models.Index(fields=["person", "-last_at", "-id"], name="conversation_of_person"),
                        models.Index(
                            condition=models.Q(("waiting_since__isnull", False)),
                            fields=["merchant", "-last_at", "-id"],
                            name="conversation_waiting",
                        ),
                        models.Index(
                            condition=models.Q(("shop_unread", True)),
                            fields=["merchant"],
                            name="conversation_new_to_shop",
                        ),
                        models.Index(
                            condition=models.Q(("person_unread", True)),
                            fields=["person"],
                            name="conversation_new_to_person",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "consumers.Conversation",
                            "began_at blocked_by_person blocked_by_shop closed_at id merchant_id person_id shop_id token",
                            inserts=False,
                            whole=False,
                        ),
                        trigger(
                            "consumers.Conversation",
                            "conversation_begins_with_the_shops_merchant",
                            when="BEFORE",
                            operation='INSERT OR UPDATE OF "merchant_id", "person_id"',
                            func="""
            IF TG_OP = 'UPDATE' THEN
                IF (NEW.merchant_id, NEW.person_id) IS DISTINCT FROM (OLD.merchant_id, OLD.person_id) THEN
                    RAISE EXCEPTION 'it never changes hands' USING ERRCODE = 'check_violation', CONSTRAINT = 'conversation_begins_with_the_shops_merchant';
                END IF;
            ELSIF NOT EXISTS (
                SELECT FROM merchants_shop s WHERE s.id = NEW.shop_id AND s.merchant_id = NEW.merchant_id
            ) THEN
                RAISE EXCEPTION 'not the shop of this merchant' USING ERRCODE = 'check_violation', CONSTRAINT = 'conversation_begins_with_the_shops_merchant';
            END IF;
            RETURN NEW;
        """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ConversationEvent",
                fields=[
                    *trail("consumers.conversation"),
                    ("id", models.BigIntegerField()),
                    ("token", models.CharField(max_length=16)),
                    ("merchant", was("merchants.merchant")),
                    ("shop", was("merchants.shop")),
                    ("person", was(settings.AUTH_USER_MODEL)),
                    (
                        "blocked_by_shop",
                        models.BooleanField(default=False, verbose_name="blocked by the shop"),
                    ),
                    (
                        "blocked_by_person",
                        models.BooleanField(default=False, verbose_name="blocked by the person"),
                    ),
                    (
                        "closed_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="closed by staff"),
                    ),
                    ("began_at", models.DateTimeField(db_default=Now(), verbose_name="began")),
                ],
            ),
            migrations.CreateModel(
                name="Letter",
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
                        "conversation",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="letters",
                            to="consumers.conversation",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("from_shop", models.BooleanField()),
                    ("said", models.CharField(max_length=1000)),
                    ("waited_s", models.PositiveIntegerField(blank=True, null=True)),
                    ("key", models.UUIDField()),
                    ("written_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "letter",
                    "verbose_name_plural": "letters",
                    "constraints": [
                        models.UniqueConstraint(fields=("by", "key"), name="letter_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(("said", ""), _negated=True), name="letter_says_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("from_shop", True), ("waited_s", None), _connector="OR"),
                            name="only_answers_were_waited_for",
                        ),
                    ],
                    "indexes": [models.Index(fields=["conversation", "id"], name="letter_in_order")],
                    "triggers": [written_once("consumers.Letter", "letters_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="ConversationReport",
                fields=[
                    ID,
                    (
                        "conversation",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="reports",
                            to="consumers.conversation",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("from_shop", models.BooleanField(verbose_name="from the shop")),
                    (
                        "harm",
                        models.CharField(
                            choices=[
                                ("insult", "Insulting or threatening"),
                                ("fraud", "Asks for money, codes or a password"),
                                ("advert", "Advertising"),
                                ("private", "Personal data of somebody"),
                                ("other", "Something else"),
                            ],
                            max_length=8,
                            verbose_name="what is wrong",
                        ),
                    ),
                    ("said", models.CharField(blank=True, max_length=400, verbose_name="in words")),
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="reported")),
                    ("reason", models.CharField(blank=True, max_length=400, verbose_name="reason")),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ],
                options={
                    "verbose_name": "report of a conversation",
                    "verbose_name_plural": "reports of conversations",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("decided_at", None)),
                            fields=("conversation", "from_shop"),
                            name="conversation_reported_once_by_each_side",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at", None), ("decided_by", None)),
                                models.Q(
                                    ("decided_at__isnull", False), models.Q(("reason", ""), _negated=True)
                                ),
                                _connector="OR",
                            ),
                            name="conversation_decision_says_why",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("decided_at", None)),
                            fields=["at"],
                            name="conversation_report_open",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="FollowedShop",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="followed_shops",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="merchants.shop"),
                    ),
                    ("followed_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "shop"), name="shop_followed_once")
                    ]
                },
            ),
            migrations.CreateModel(
                name="FollowedCategory",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="followed_categories",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "category",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="+", to="merchants.category"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "category"), name="category_followed_once")
                    ]
                },
            ),
            migrations.CreateModel(
                name="Interests",
                fields=[
                    (
                        "person",
                        models.OneToOneField(
                            on_delete=models.CASCADE,
                            primary_key=True,
                            related_name="interests",
                            serialize=False,
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("distance_m", models.PositiveIntegerField(default=2000)),
                    ("areas_on", models.BooleanField(default=False)),
                    ("searches_on", models.BooleanField(default=False)),
                    ("computed_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("searches_on", False), ("areas_on", True), _connector="OR"),
                            name="searches_are_noted_only_for_areas",
                        )
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("areas_on", True)),
                            fields=["computed_at"],
                            name="interests_due",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="AreaCell",
                fields=[
                    ID,
                    ("row", models.IntegerField()),
                    ("column", models.IntegerField()),
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="area_cells",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("weight", models.FloatField(default=0)),
                    ("purchases", models.PositiveIntegerField(default=0)),
                    ("searches", models.PositiveIntegerField(default=0)),
                    ("last_on", models.DateField(blank=True, null=True)),
                    ("is_own", models.BooleanField(default=False)),
                    ("computed_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "row", "column"), name="area_cell_once")
                    ],
                    "indexes": [models.Index(fields=["row", "column", "person"], name="area_cell_by_place")],
                },
            ),
            migrations.CreateModel(
                name="SearchCell",
                fields=[
                    ID,
                    ("row", models.IntegerField()),
                    ("column", models.IntegerField()),
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("on", models.DateField()),
                    ("times", models.PositiveSmallIntegerField(default=1)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("person", "row", "column", "on"), name="search_cell_once_a_day"
                        )
                    ],
                    "indexes": [models.Index(fields=["on"], name="search_cell_old")],
                },
            ),
            migrations.CreateModel(
                name="HereNow",
                fields=[
                    ("row", models.IntegerField()),
                    ("column", models.IntegerField()),
                    (
                        "person",
                        models.OneToOneField(
                            on_delete=models.CASCADE,
                            primary_key=True,
                            related_name="here_now",
                            serialize=False,
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("until", models.DateTimeField(db_index=True)),
                ],
                options={"indexes": [models.Index(fields=["row", "column"], name="here_now_by_place")]},
            ),
            migrations.CreateModel(
                name="LeftOut",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("digest", models.BinaryField(max_length=32)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "digest"), name="cell_left_out_once")
                    ]
                },
            ),
            migrations.CreateModel(
                name="AreaConsent",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("areas", "Usual areas from purchases"),
                                ("searches", "Searches for usual areas"),
                                ("now", "Position shared for half an hour"),
                            ],
                            max_length=8,
                            verbose_name="purpose",
                        ),
                    ),
                    ("agreed", models.BooleanField(verbose_name="agreed")),
                    ("text_version", models.CharField(max_length=20, verbose_name="version of the text")),
                    ("said_at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "consent to usual areas",
                    "verbose_name_plural": "consents to usual areas",
                    "triggers": [written_once("consumers.AreaConsent", "area_consent_is_append_only")],
                },
            ),
        ),
    ]
