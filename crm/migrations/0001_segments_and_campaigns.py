"""Segments, birthdays and greetings, campaigns, tags; whose phone number was looked at, to whom cards were given."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.crypto import EncryptedTextField
from portal.kernel.migrating import ID, Together, remembered, trail, trigger, was, written_once


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("crm", "0001_initial"),
        ("crm", "0003_campaigns"),
        ("crm", "0004_greetings"),
        ("crm", "0005_segments"),
        ("crm", "0006_segments_as_audience"),
        ("crm", "0007_tags"),
        ("crm", "0008_letters"),
    ]
    dependencies = [
        ("coupons", "0002_walls_claims_and_uses"),
        ("kernel", "0002_cache_table"),
        ("merchants", "0004_first_rows"),
        ("messaging", "0002_held_out_people"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.CreateModel(
                name="Segment",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="segments",
                            to="merchants.merchant",
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("name", models.CharField(max_length=30, verbose_name="name")),
                    ("is_list", models.BooleanField(default=False, verbose_name="chosen by hand")),
                    ("rules", models.JSONField(default=dict)),
                    ("key", models.UUIDField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("put_away_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "segment",
                    "verbose_name_plural": "segments",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="segment_of_merchant"),
                        models.UniqueConstraint(fields=("merchant", "key"), name="segment_once_per_key"),
                        models.UniqueConstraint(
                            condition=models.Q(("put_away_at", None)),
                            fields=("merchant", "name"),
                            name="segment_name_once_in_use",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("is_list", True), ("rules", {})),
                                models.Q(("is_list", False), models.Q(("rules", {}), _negated=True)),
                                _connector="OR",
                            ),
                            name="segment_has_rules_or_is_a_list",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "crm.Segment",
                            "by_id created_at id is_list key merchant_id name put_away_at rules token",
                        ),
                        trigger(
                            "crm.Segment",
                            "segment_means_the_same",
                            when="BEFORE",
                            operation="UPDATE",
                            condition='WHEN (OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."is_list" IS DISTINCT FROM (NEW."is_list") OR OLD."rules" IS DISTINCT FROM (NEW."rules"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SegmentEvent",
                fields=[
                    *trail("crm.segment"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("token", models.CharField(max_length=16)),
                    ("name", models.CharField(max_length=30, verbose_name="name")),
                    ("is_list", models.BooleanField(default=False, verbose_name="chosen by hand")),
                    ("rules", models.JSONField(default=dict)),
                    ("key", models.UUIDField()),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("put_away_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Membership",
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
                        "segment",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="memberships",
                            to="crm.segment",
                        ),
                    ),
                    (
                        "customer",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="memberships",
                            to="merchants.customer",
                        ),
                    ),
                    ("since", models.DateTimeField()),
                    ("until", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "membership of a segment",
                    "verbose_name_plural": "memberships of segments",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("until", None)),
                            fields=("segment", "customer"),
                            name="in_a_segment_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("until", None), ("until__gte", models.F("since")), _connector="OR"
                            ),
                            name="segment_left_after_it_was_joined",
                        ),
                    ],
                    "indexes": [models.Index(fields=["segment", "since"], name="membership_by_date")],
                },
            ),
            migrations.CreateModel(
                name="OwnBirthday",
                fields=[
                    ID,
                    (
                        "person",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="own_birthday", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("day", EncryptedTextField()),
                    ("next_on", models.DateField(db_index=True)),
                    (
                        "shown",
                        models.BooleanField(default=False, verbose_name="shops that know me may see the day"),
                    ),
                    ("given_at", models.DateTimeField(verbose_name="when")),
                ],
                options={
                    "verbose_name": "birthday given by the person",
                    "verbose_name_plural": "birthdays given by the person",
                    "triggers": [*remembered("crm.OwnBirthday", "given_at id person_id shown", whole=False)],
                },
            ),
            migrations.CreateModel(
                name="OwnBirthdayEvent",
                fields=[
                    *trail("crm.ownbirthday"),
                    ("id", models.BigIntegerField()),
                    ("person", was(settings.AUTH_USER_MODEL)),
                    (
                        "shown",
                        models.BooleanField(default=False, verbose_name="shops that know me may see the day"),
                    ),
                    ("given_at", models.DateTimeField(verbose_name="when")),
                ],
            ),
            migrations.CreateModel(
                name="NotedBirthday",
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
                        "customer",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="birthday", to="merchants.customer"
                        ),
                    ),
                    ("day", EncryptedTextField()),
                    ("next_on", models.DateField(db_index=True)),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("agreed_at", models.DateTimeField(verbose_name="agreed")),
                ],
                options={
                    "verbose_name": "birthday noted by a shop",
                    "verbose_name_plural": "birthdays noted by shops",
                    "indexes": [models.Index(fields=["merchant", "next_on"], name="noted_birthday_coming")],
                    "triggers": [
                        *remembered(
                            "crm.NotedBirthday", "agreed_at by_id customer_id id merchant_id", whole=False
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="NotedBirthdayEvent",
                fields=[
                    *trail("crm.notedbirthday"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("customer", was("merchants.customer")),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("agreed_at", models.DateTimeField(verbose_name="agreed")),
                ],
            ),
            migrations.CreateModel(
                name="GreetingPlan",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="greeting_plan", to="merchants.merchant"
                        ),
                    ),
                    ("is_on", models.BooleanField(default=True, verbose_name="greets")),
                    ("days_ahead", models.PositiveSmallIntegerField(default=3, verbose_name="days ahead")),
                    (
                        "programme",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="coupons.couponprogramme",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                ],
                options={
                    "verbose_name": "birthday greetings of a shop",
                    "verbose_name_plural": "birthday greetings of shops",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("days_ahead__gte", 2), ("days_ahead__lte", 7)),
                            name="greeting_two_to_seven_days_ahead",
                        )
                    ],
                    "triggers": [
                        *remembered("crm.GreetingPlan", "by_id days_ahead id is_on merchant_id programme_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="GreetingPlanEvent",
                fields=[
                    *trail("crm.greetingplan"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("is_on", models.BooleanField(default=True, verbose_name="greets")),
                    ("days_ahead", models.PositiveSmallIntegerField(default=3, verbose_name="days ahead")),
                    ("programme", was("coupons.couponprogramme", blank=True, null=True)),
                    ("by", was(settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name="Greeting",
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
                        "person",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("birthday_on", models.DateField()),
                    ("made_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "birthday greeting",
                    "verbose_name_plural": "birthday greetings",
                    "indexes": [
                        models.Index(fields=["merchant", "birthday_on"], name="greeting_of_merchant")
                    ],
                    "triggers": [written_once("crm.Greeting", "greetings_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Campaign",
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
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "deal",
                        models.OneToOneField(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="campaign",
                            to="coupons.flashdeal",
                        ),
                    ),
                    (
                        "words",
                        models.CharField(
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
                    (
                        "programme",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="coupons.couponprogramme",
                        ),
                    ),
                    (
                        "note",
                        models.CharField(
                            blank=True, default="", max_length=120, verbose_name="in your own words"
                        ),
                    ),
                    (
                        "channels",
                        ArrayField(
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
                    (
                        "audience",
                        models.CharField(
                            choices=[
                                ("near", "People who are usually near"),
                                ("members", "My members"),
                                ("follow", "Followers of my shops"),
                                ("away", "Customers not seen for 60 days"),
                                ("segment", "A segment or list"),
                            ],
                            max_length=8,
                            verbose_name="whom",
                        ),
                    ),
                    (
                        "segment",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="crm.segment",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="merchants.shop"),
                    ),
                    ("within_m", models.PositiveIntegerField(default=2000)),
                    ("key", models.UUIDField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("goes_at", models.DateTimeField()),
                    ("released_at", models.DateTimeField(blank=True, null=True)),
                    ("stopped_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "mailing",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="campaign",
                            to="messaging.mailing",
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "campaign",
                    "verbose_name_plural": "campaigns",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="campaign_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("audience", "segment"), ("segment__isnull", False)),
                                models.Q(models.Q(("audience", "segment"), _negated=True), ("segment", None)),
                                _connector="OR",
                            ),
                            name="campaign_for_a_segment_names_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("deal__isnull", False), ("programme", None), ("words", "")),
                                models.Q(("deal", None), models.Q(("words", ""), _negated=True)),
                                _connector="OR",
                            ),
                            name="campaign_is_a_deal_or_has_words",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("programme__isnull", False), ("words", "coupon")),
                                models.Q(models.Q(("words", "coupon"), _negated=True), ("programme", None)),
                                _connector="OR",
                            ),
                            name="letter_about_a_coupon_names_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("mailing", None), ("released_at", None)),
                                models.Q(("mailing__isnull", False), ("released_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="campaign_is_told_when_it_is_released",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("released_at", None), ("stopped_at", None)),
                            fields=["goes_at"],
                            name="campaign_due",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "crm.Campaign",
                            "audience by_id channels created_at deal_id goes_at id key mailing_id merchant_id note programme_id released_at segment_id shop_id stopped_at token within_m words",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CampaignEvent",
                fields=[
                    *trail("crm.campaign"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("token", models.CharField(max_length=16)),
                    ("deal", was("coupons.flashdeal", blank=True, null=True)),
                    (
                        "words",
                        models.CharField(
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
                    ("programme", was("coupons.couponprogramme", blank=True, null=True)),
                    (
                        "note",
                        models.CharField(
                            blank=True, default="", max_length=120, verbose_name="in your own words"
                        ),
                    ),
                    (
                        "channels",
                        ArrayField(
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
                    (
                        "audience",
                        models.CharField(
                            choices=[
                                ("near", "People who are usually near"),
                                ("members", "My members"),
                                ("follow", "Followers of my shops"),
                                ("away", "Customers not seen for 60 days"),
                                ("segment", "A segment or list"),
                            ],
                            max_length=8,
                            verbose_name="whom",
                        ),
                    ),
                    ("segment", was("crm.segment", blank=True, null=True)),
                    ("shop", was("merchants.shop")),
                    ("within_m", models.PositiveIntegerField(default=2000)),
                    ("key", models.UUIDField()),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("goes_at", models.DateTimeField()),
                    ("released_at", models.DateTimeField(blank=True, null=True)),
                    ("stopped_at", models.DateTimeField(blank=True, null=True)),
                    ("mailing", was("messaging.mailing", blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="PhoneLook",
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
                        "customer",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="phone_looks", to="merchants.customer"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "look at a phone number",
                    "verbose_name_plural": "looks at phone numbers",
                    "indexes": [models.Index(fields=["merchant", "-id"], name="phone_look_of_merchant")],
                    "triggers": [written_once("crm.PhoneLook", "phone_looks_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="CardGrant",
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
                    ("key", models.UUIDField()),
                    ("customers", models.JSONField()),
                    (
                        "job",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.SET_NULL,
                            related_name="+",
                            to="kernel.job",
                        ),
                    ),
                    ("given", models.PositiveIntegerField(default=0)),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "grant of cards",
                    "verbose_name_plural": "grants of cards",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="cards_granted_once_per_key")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Tag",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="tags",
                            to="merchants.merchant",
                        ),
                    ),
                    ("name", models.CharField(max_length=20, verbose_name="tag")),
                    ("folded", models.CharField(max_length=60)),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "tag",
                    "verbose_name_plural": "tags",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="tag_of_merchant"),
                        models.UniqueConstraint(fields=("merchant", "folded"), name="tag_once_per_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("name", ""), _negated=True), models.Q(("folded", ""), _negated=True)
                            ),
                            name="tag_has_a_name",
                        ),
                    ],
                    "triggers": [*remembered("crm.Tag", "by_id created_at folded id merchant_id name")],
                },
            ),
            migrations.CreateModel(
                name="TagEvent",
                fields=[
                    *trail("crm.tag"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("name", models.CharField(max_length=20, verbose_name="tag")),
                    ("folded", models.CharField(max_length=60)),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Tagging",
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
                        "tag",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="taggings",
                            to="crm.tag",
                        ),
                    ),
                    (
                        "customer",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.CASCADE,
                            related_name="taggings",
                            to="merchants.customer",
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
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "tag of a customer",
                    "verbose_name_plural": "tags of customers",
                    "constraints": [models.UniqueConstraint(fields=("tag", "customer"), name="tagged_once")],
                    "triggers": [*remembered("crm.Tagging", "at by_id customer_id id merchant_id tag_id")],
                },
            ),
            migrations.CreateModel(
                name="TaggingEvent",
                fields=[
                    *trail("crm.tagging"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("tag", was("crm.tag")),
                    ("customer", was("merchants.customer")),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
            ),
        ),
    ]
