"""Who keeps the listings true: claims, corrections, likely duplicates and merges."""

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.migrating import ID, Together, remembered, trail, was


class Migration(migrations.Migration):
    replaces = [("merchants", "0002_categories")]
    dependencies = [("merchants", "0001_shops")]
    operations = [
        Together(
            migrations.CreateModel(
                name="ListingClaim",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="claims", to="merchants.shop"
                        ),
                    ),
                    (
                        "merchant",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="claims", to="merchants.merchant"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("said", models.TextField(verbose_name="what shows that it is yours")),
                    ("evidence", models.FileField(blank=True, upload_to="evidence/")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting for a decision"),
                                ("approved", "Approved"),
                                ("rejected", "Rejected"),
                                ("withdrawn", "Withdrawn"),
                                ("overturned", "Given to somebody else later"),
                            ],
                            default="waiting",
                            max_length=10,
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason for the decision")),
                    (
                        "decided_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "against",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "answer",
                        models.TextField(blank=True, db_default="", verbose_name="what the other side says"),
                    ),
                    ("code_index", models.BinaryField(max_length=32, null=True)),
                    ("code_until", models.DateTimeField(editable=False, null=True)),
                    (
                        "proved_at",
                        models.DateTimeField(
                            blank=True, null=True, verbose_name="answered the listing's phone"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "claim to a listing",
                    "verbose_name_plural": "claims to listings",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("state", "waiting")),
                            fields=("shop", "merchant"),
                            name="listing_claimed_once_at_a_time",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("state", "approved")),
                            fields=("shop",),
                            name="listing_given_to_one_merchant",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "waiting")),
                            fields=["created_at", "id"],
                            name="claim_waiting",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "merchants.ListingClaim",
                            "against_id answer by_id created_at decided_at decided_by_id evidence id merchant_id proved_at reason said shop_id state",
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ListingClaimEvent",
                fields=[
                    *trail("merchants.listingclaim"),
                    ("id", models.BigIntegerField()),
                    ("shop", was("merchants.shop")),
                    ("merchant", was("merchants.merchant")),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("said", models.TextField(verbose_name="what shows that it is yours")),
                    ("evidence", models.FileField(blank=True, upload_to="evidence/")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting for a decision"),
                                ("approved", "Approved"),
                                ("rejected", "Rejected"),
                                ("withdrawn", "Withdrawn"),
                                ("overturned", "Given to somebody else later"),
                            ],
                            default="waiting",
                            max_length=10,
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason for the decision")),
                    ("decided_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ("against", was("merchants.merchant", blank=True, null=True)),
                    (
                        "answer",
                        models.TextField(blank=True, db_default="", verbose_name="what the other side says"),
                    ),
                    (
                        "proved_at",
                        models.DateTimeField(
                            blank=True, null=True, verbose_name="answered the listing's phone"
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Correction",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="corrections",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "wrong",
                        models.CharField(
                            choices=[
                                ("place", "It is somewhere else"),
                                ("closed", "It has closed for good"),
                                ("duplicate", "It is listed twice"),
                                ("hours", "The opening hours are wrong"),
                                ("phone", "The phone number is wrong"),
                                ("name", "The name is wrong"),
                            ],
                            max_length=9,
                            verbose_name="what is wrong",
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
                        ),
                    ),
                    ("device", models.BinaryField(max_length=32)),
                    (
                        "point",
                        PointField(blank=True, geography=True, null=True, spatial_index=False, srid=4326),
                    ),
                    ("text", models.CharField(blank=True, max_length=500, verbose_name="should read")),
                    (
                        "other",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                    ("said", models.TextField(blank=True, verbose_name="note")),
                    ("evidence", models.FileField(blank=True, upload_to="evidence/")),
                    ("before", models.CharField(blank=True, max_length=500, verbose_name="read then")),
                    ("digest", models.BinaryField(max_length=32)),
                    ("weight", models.PositiveSmallIntegerField(default=0)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "Waiting for a decision"),
                                ("accepted", "Accepted"),
                                ("declined", "Not accepted"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            default="open",
                            max_length=9,
                            verbose_name="state",
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason for the decision")),
                    (
                        "decided_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "decided_as",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("owner", "the shop itself"),
                                ("visitor", "a visitor"),
                                ("opendata", "open data"),
                                ("staff", "our staff"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ("key", models.UUIDField(unique=True)),
                    ("created_at", models.DateTimeField(db_default=Now(), verbose_name="reported")),
                ],
                options={
                    "verbose_name": "correction",
                    "verbose_name_plural": "corrections",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("by__isnull", False), ("state", "open")),
                            fields=("shop", "wrong", "by"),
                            name="person_reports_a_thing_once_at_a_time",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("by", None), ("state", "open")),
                            fields=("shop", "wrong", "device"),
                            name="device_reports_a_thing_once_at_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("wrong", "closed"),
                                models.Q(("point__isnull", False), ("wrong", "place")),
                                models.Q(("other__isnull", False), ("wrong", "duplicate")),
                                models.Q(
                                    ("wrong__in", ["hours", "phone", "name"]),
                                    models.Q(("text", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="correction_says_how_it_should_be",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                                models.Q(
                                    ("decided_at__isnull", False),
                                    ("decided_by__isnull", False),
                                    models.Q(("decided_as", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="decided_correction_says_by_whom",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["shop", "wrong"], name="corrections_of_shop"),
                        models.Index(
                            condition=models.Q(("state", "open")),
                            fields=["created_at", "id"],
                            name="corrections_open",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "merchants.Correction",
                            "before by_id created_at decided_as decided_at decided_by_id device digest evidence id key other_id point reason said shop_id state text wrong",
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CorrectionEvent",
                fields=[
                    *trail("merchants.correction"),
                    ("id", models.BigIntegerField()),
                    ("shop", was("merchants.shop")),
                    (
                        "wrong",
                        models.CharField(
                            choices=[
                                ("place", "It is somewhere else"),
                                ("closed", "It has closed for good"),
                                ("duplicate", "It is listed twice"),
                                ("hours", "The opening hours are wrong"),
                                ("phone", "The phone number is wrong"),
                                ("name", "The name is wrong"),
                            ],
                            max_length=9,
                            verbose_name="what is wrong",
                        ),
                    ),
                    ("by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("device", models.BinaryField(max_length=32)),
                    (
                        "point",
                        PointField(blank=True, geography=True, null=True, spatial_index=False, srid=4326),
                    ),
                    ("text", models.CharField(blank=True, max_length=500, verbose_name="should read")),
                    ("other", was("merchants.shop", blank=True, null=True)),
                    ("said", models.TextField(blank=True, verbose_name="note")),
                    ("evidence", models.FileField(blank=True, upload_to="evidence/")),
                    ("before", models.CharField(blank=True, max_length=500, verbose_name="read then")),
                    ("digest", models.BinaryField(max_length=32)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("open", "Waiting for a decision"),
                                ("accepted", "Accepted"),
                                ("declined", "Not accepted"),
                                ("withdrawn", "Withdrawn"),
                            ],
                            default="open",
                            max_length=9,
                            verbose_name="state",
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason for the decision")),
                    ("decided_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    (
                        "decided_as",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("owner", "the shop itself"),
                                ("visitor", "a visitor"),
                                ("opendata", "open data"),
                                ("staff", "our staff"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ("key", models.UUIDField()),
                    ("created_at", models.DateTimeField(db_default=Now(), verbose_name="reported")),
                ],
            ),
            migrations.CreateModel(
                name="DuplicatePair",
                fields=[
                    ID,
                    (
                        "first",
                        models.ForeignKey(
                            db_index=False, on_delete=models.CASCADE, related_name="+", to="merchants.shop"
                        ),
                    ),
                    (
                        "second",
                        models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="merchants.shop"),
                    ),
                    ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                    ("alike", models.PositiveSmallIntegerField(default=0)),
                    ("metres", models.PositiveIntegerField(default=0)),
                    ("same_phone", models.BooleanField(default=False)),
                    ("is_reported", models.BooleanField(default=False, verbose_name="reported by a visitor")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting for a decision"),
                                ("merged", "Merged"),
                                ("distinct", "Not the same"),
                            ],
                            default="waiting",
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason for the decision")),
                    ("found_at", models.DateTimeField(db_default=Now(), verbose_name="found")),
                    (
                        "decided_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "likely duplicate",
                    "verbose_name_plural": "likely duplicates",
                    "constraints": [
                        models.UniqueConstraint(fields=("first", "second"), name="duplicate_pair_once"),
                        models.CheckConstraint(
                            condition=models.Q(("first__lt", models.F("second"))),
                            name="duplicate_pair_in_order",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_by", None), ("state", "waiting")),
                                ("decided_by__isnull", False),
                                _connector="OR",
                            ),
                            name="decided_pair_says_by_whom",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "waiting")),
                            fields=["-score", "id"],
                            name="duplicates_waiting",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "merchants.DuplicatePair",
                            "decided_at decided_by_id first_id found_at id is_reported reason second_id state",
                            inserts=False,
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="DuplicatePairEvent",
                fields=[
                    *trail("merchants.duplicatepair"),
                    ("id", models.BigIntegerField()),
                    ("first", was("merchants.shop")),
                    ("second", was("merchants.shop")),
                    ("is_reported", models.BooleanField(default=False, verbose_name="reported by a visitor")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting for a decision"),
                                ("merged", "Merged"),
                                ("distinct", "Not the same"),
                            ],
                            default="waiting",
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    ("reason", models.TextField(blank=True, verbose_name="reason for the decision")),
                    ("found_at", models.DateTimeField(db_default=Now(), verbose_name="found")),
                    ("decided_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Merge",
                fields=[
                    ID,
                    (
                        "survivor",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="merges", to="merchants.shop"
                        ),
                    ),
                    (
                        "gone",
                        models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="merchants.shop"),
                    ),
                    ("moved", models.JSONField(default=dict)),
                    ("was_listed", models.BooleanField()),
                    ("was_closed_at", models.DateTimeField(blank=True, null=True)),
                    ("reason", models.TextField(blank=True)),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("merged_at", models.DateTimeField()),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "undone_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "merge of two listings",
                    "verbose_name_plural": "merges of listings",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("undone_at", None)),
                            fields=("gone",),
                            name="listing_goes_into_one_other",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("survivor", models.F("gone")), _negated=True),
                            name="listing_not_merged_into_itself",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("undone_at", None), ("undone_by", None)),
                                models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="undone_merge_says_by_whom",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "merchants.Merge",
                            "by_id gone_id id merged_at moved reason survivor_id undone_at undone_by_id was_closed_at was_listed",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MergeEvent",
                fields=[
                    *trail("merchants.merge"),
                    ("id", models.BigIntegerField()),
                    ("survivor", was("merchants.shop")),
                    ("gone", was("merchants.shop")),
                    ("moved", models.JSONField(default=dict)),
                    ("was_listed", models.BooleanField()),
                    ("was_closed_at", models.DateTimeField(blank=True, null=True)),
                    ("reason", models.TextField(blank=True)),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("merged_at", models.DateTimeField()),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                    ("undone_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                ],
            ),
        ),
    ]
