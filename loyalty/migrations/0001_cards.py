"""Programmes and their cards, what cards look like, on what they are carried."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now, Right

from portal.kernel.migrating import ID, Together, remembered, trail, was, written_once


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("loyalty", "0001_initial"),
        ("loyalty", "0008_cooling_off"),
        ("loyalty", "0009_pins_approvals_and_codes"),
        ("loyalty", "0010_entries_without_a_sale"),
        ("loyalty", "0011_levels_and_rules"),
        ("loyalty", "0012_levels_settle"),
        ("loyalty", "0013_terms"),
        ("loyalty", "0014_rewards_and_stamps"),
        ("loyalty", "0015_terms_know_stamps"),
        ("loyalty", "0016_faces_and_media"),
        ("loyalty", "0017_entries_say_their_balance"),
        ("loyalty", "0018_a_shop_owes_no_more_than_its_limit"),
        ("loyalty", "0019_points_wait"),
        ("loyalty", "0020_what_is_held_is_not_taken_back"),
        ("loyalty", "0021_imported_levels"),
        ("loyalty", "0022_visit_passes"),
        ("loyalty", "0023_what_is_ripe_is_noticed"),
        ("loyalty", "0024_a_spend_reads_what_it_takes"),
        ("loyalty", "0025_passes_sold_online"),
        ("loyalty", "0026_passes_in_wallets_stay_fresh"),
    ]
    dependencies = [
        ("kernel", "0002_cache_table"),
        ("merchants", "0004_first_rows"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.CreateModel(
                name="Programme",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="programme", to="merchants.merchant"
                        ),
                    ),
                    ("name", models.CharField(max_length=30, verbose_name="name of the card")),
                    ("face", models.CharField(default="jade", max_length=12, verbose_name="face")),
                    ("slogan", models.CharField(blank=True, max_length=40, verbose_name="slogan")),
                    (
                        "points_per_unit",
                        models.PositiveSmallIntegerField(default=1, verbose_name="points per yuan"),
                    ),
                    (
                        "points_expire_months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="points expire after (months)"
                        ),
                    ),
                    ("is_open", models.BooleanField(default=True, verbose_name="takes new members")),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "membership programme",
                    "verbose_name_plural": "membership programmes",
                    "triggers": [
                        *remembered(
                            "loyalty.Programme",
                            "created_at face id is_open merchant_id name points_expire_months points_per_unit slogan",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ProgrammeEvent",
                fields=[
                    *trail("loyalty.programme"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("name", models.CharField(max_length=30, verbose_name="name of the card")),
                    ("face", models.CharField(default="jade", max_length=12, verbose_name="face")),
                    ("slogan", models.CharField(blank=True, max_length=40, verbose_name="slogan")),
                    (
                        "points_per_unit",
                        models.PositiveSmallIntegerField(default=1, verbose_name="points per yuan"),
                    ),
                    (
                        "points_expire_months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="points expire after (months)"
                        ),
                    ),
                    ("is_open", models.BooleanField(default=True, verbose_name="takes new members")),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Card",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="cards",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="cards", to="loyalty.programme"
                        ),
                    ),
                    (
                        "customer",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="card", to="merchants.customer"
                        ),
                    ),
                    ("number", models.CharField(max_length=12, unique=True)),
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[("active", "Active"), ("frozen", "Frozen"), ("closed", "Closed")],
                            default="active",
                            max_length=8,
                        ),
                    ),
                    ("joined_at", models.DateTimeField(db_default=Now())),
                    ("last_used_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "frozen_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("frozen_because", models.CharField(blank=True, max_length=120)),
                ],
                options={
                    "verbose_name": "member card",
                    "verbose_name_plural": "member cards",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="card_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("frozen_by", None), ("state", "frozen"), _connector="OR"),
                            name="only_a_frozen_card_says_who_froze_it",
                        ),
                    ],
                    "indexes": [
                        models.Index(models.F("merchant"), Right("number", 4), name="card_by_last_digits")
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.Card",
                            "customer_id frozen_because frozen_by_id id joined_at merchant_id number programme_id state token",
                            inserts=False,
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CardEvent",
                fields=[
                    *trail("loyalty.card"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    ("customer", was("merchants.customer")),
                    ("number", models.CharField(max_length=12)),
                    ("token", models.CharField(max_length=16)),
                    (
                        "state",
                        models.CharField(
                            choices=[("active", "Active"), ("frozen", "Frozen"), ("closed", "Closed")],
                            default="active",
                            max_length=8,
                        ),
                    ),
                    ("joined_at", models.DateTimeField(db_default=Now())),
                    ("frozen_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("frozen_because", models.CharField(blank=True, max_length=120)),
                ],
            ),
            migrations.CreateModel(
                name="RetiredCode",
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
                            related_name="retired_codes",
                            to="loyalty.card",
                        ),
                    ),
                    ("number", models.CharField(max_length=12, unique=True)),
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("retired_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "retired card code",
                    "verbose_name_plural": "retired card codes",
                    "triggers": [written_once("loyalty.RetiredCode", "retired_codes_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="CardLook",
                fields=[
                    ID,
                    ("face", models.CharField(default="jade", max_length=12, verbose_name="face")),
                    ("base", models.CharField(blank=True, max_length=7, verbose_name="own colour")),
                    (
                        "pattern",
                        models.CharField(
                            choices=[
                                ("ring", "Rings"),
                                ("wave", "Waves"),
                                ("grid", "Dots"),
                                ("steam", "Steam"),
                                ("scissors", "Scissors"),
                                ("cup", "Cups"),
                                ("leaf", "Leaves"),
                                ("none", "No pattern"),
                            ],
                            default="ring",
                            max_length=8,
                            verbose_name="pattern",
                        ),
                    ),
                    (
                        "layout",
                        models.CharField(
                            choices=[("none", "No picture"), ("side", "On the right"), ("full", "All over")],
                            default="none",
                            max_length=4,
                            verbose_name="picture",
                        ),
                    ),
                    ("cut", models.CharField(blank=True, max_length=24)),
                    ("scrim", models.PositiveSmallIntegerField(default=0)),
                    ("name", models.CharField(max_length=30, verbose_name="name of the card")),
                    ("slogan", models.CharField(blank=True, max_length=16, verbose_name="slogan")),
                    (
                        "benefits",
                        ArrayField(
                            base_field=models.CharField(max_length=24), blank=True, default=list, size=3
                        ),
                    ),
                    (
                        "number_style",
                        models.CharField(
                            choices=[
                                ("groups", "6212 3456 7890"),
                                ("last", "···· 7890"),
                                ("none", "Not on the card"),
                            ],
                            default="groups",
                            max_length=6,
                            verbose_name="number on the card",
                        ),
                    ),
                    (
                        "merchant",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="card_look", to="merchants.merchant"
                        ),
                    ),
                    ("version", models.PositiveIntegerField()),
                    (
                        "published_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("published_at", models.DateTimeField()),
                ],
                options={
                    "verbose_name": "card look",
                    "verbose_name_plural": "card looks",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("base__regex", "^#[0-9a-f]{6}$"), ("face", "own")),
                                models.Q(
                                    ("base", ""),
                                    (
                                        "face__in",
                                        (
                                            "jade",
                                            "ink",
                                            "plum",
                                            "persimmon",
                                            "sky",
                                            "tea",
                                            "rose",
                                            "slate",
                                            "moss",
                                            "gold",
                                            "rice",
                                            "mint",
                                        ),
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="card_look_has_a_known_face_or_its_own_colour",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("layout", "none"), models.Q(("cut", ""), _negated=True), _connector="OR"
                            ),
                            name="card_look_shows_only_a_picture_it_has",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("layout", "full"), _negated=True),
                                models.Q(("scrim__gte", 20), ("scrim__lte", 80)),
                                _connector="OR",
                            ),
                            name="card_look_darkens_a_picture_under_text",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.CardLook",
                            "base benefits cut face id layout merchant_id name number_style pattern published_at published_by_id scrim slogan version",
                            inserts=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CardLookEvent",
                fields=[
                    *trail("loyalty.cardlook"),
                    ("id", models.BigIntegerField()),
                    ("face", models.CharField(default="jade", max_length=12, verbose_name="face")),
                    ("base", models.CharField(blank=True, max_length=7, verbose_name="own colour")),
                    (
                        "pattern",
                        models.CharField(
                            choices=[
                                ("ring", "Rings"),
                                ("wave", "Waves"),
                                ("grid", "Dots"),
                                ("steam", "Steam"),
                                ("scissors", "Scissors"),
                                ("cup", "Cups"),
                                ("leaf", "Leaves"),
                                ("none", "No pattern"),
                            ],
                            default="ring",
                            max_length=8,
                            verbose_name="pattern",
                        ),
                    ),
                    (
                        "layout",
                        models.CharField(
                            choices=[("none", "No picture"), ("side", "On the right"), ("full", "All over")],
                            default="none",
                            max_length=4,
                            verbose_name="picture",
                        ),
                    ),
                    ("cut", models.CharField(blank=True, max_length=24)),
                    ("scrim", models.PositiveSmallIntegerField(default=0)),
                    ("name", models.CharField(max_length=30, verbose_name="name of the card")),
                    ("slogan", models.CharField(blank=True, max_length=16, verbose_name="slogan")),
                    (
                        "benefits",
                        ArrayField(
                            base_field=models.CharField(max_length=24), blank=True, default=list, size=3
                        ),
                    ),
                    (
                        "number_style",
                        models.CharField(
                            choices=[
                                ("groups", "6212 3456 7890"),
                                ("last", "···· 7890"),
                                ("none", "Not on the card"),
                            ],
                            default="groups",
                            max_length=6,
                            verbose_name="number on the card",
                        ),
                    ),
                    ("merchant", was("merchants.merchant")),
                    ("version", models.PositiveIntegerField()),
                    ("published_by", was(settings.AUTH_USER_MODEL)),
                    ("published_at", models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name="CardPicture",
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
                    ("stem", models.CharField(max_length=24, unique=True)),
                    ("digest", models.BinaryField(max_length=32)),
                    ("width", models.PositiveIntegerField()),
                    ("height", models.PositiveIntegerField()),
                    (
                        "added_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("added_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "card picture",
                    "verbose_name_plural": "card pictures",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("merchant", "digest"), name="card_picture_once_per_merchant"
                        ),
                        models.UniqueConstraint(fields=("merchant", "id"), name="card_picture_of_merchant"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CardDesign",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="card_design", to="merchants.merchant"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "card design",
                    "verbose_name_plural": "card designs",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="card_design_of_merchant")
                    ],
                },
            ),
            migrations.CreateModel(
                name="DesignVersion",
                fields=[
                    ID,
                    ("face", models.CharField(default="jade", max_length=12, verbose_name="face")),
                    ("base", models.CharField(blank=True, max_length=7, verbose_name="own colour")),
                    (
                        "pattern",
                        models.CharField(
                            choices=[
                                ("ring", "Rings"),
                                ("wave", "Waves"),
                                ("grid", "Dots"),
                                ("steam", "Steam"),
                                ("scissors", "Scissors"),
                                ("cup", "Cups"),
                                ("leaf", "Leaves"),
                                ("none", "No pattern"),
                            ],
                            default="ring",
                            max_length=8,
                            verbose_name="pattern",
                        ),
                    ),
                    (
                        "layout",
                        models.CharField(
                            choices=[("none", "No picture"), ("side", "On the right"), ("full", "All over")],
                            default="none",
                            max_length=4,
                            verbose_name="picture",
                        ),
                    ),
                    ("cut", models.CharField(blank=True, max_length=24)),
                    ("scrim", models.PositiveSmallIntegerField(default=0)),
                    ("name", models.CharField(max_length=30, verbose_name="name of the card")),
                    ("slogan", models.CharField(blank=True, max_length=16, verbose_name="slogan")),
                    (
                        "benefits",
                        ArrayField(
                            base_field=models.CharField(max_length=24), blank=True, default=list, size=3
                        ),
                    ),
                    (
                        "number_style",
                        models.CharField(
                            choices=[
                                ("groups", "6212 3456 7890"),
                                ("last", "···· 7890"),
                                ("none", "Not on the card"),
                            ],
                            default="groups",
                            max_length=6,
                            verbose_name="number on the card",
                        ),
                    ),
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
                        "design",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="versions",
                            to="loyalty.carddesign",
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    (
                        "before",
                        models.ForeignKey(
                            null=True, on_delete=models.PROTECT, related_name="+", to="loyalty.designversion"
                        ),
                    ),
                    (
                        "picture",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="loyalty.cardpicture",
                        ),
                    ),
                    ("crop_x", models.PositiveSmallIntegerField(default=0)),
                    ("crop_y", models.PositiveSmallIntegerField(default=0)),
                    ("crop_width", models.PositiveSmallIntegerField(default=1000)),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("saved_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "design version",
                    "verbose_name_plural": "design versions",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="design_version_of_merchant"),
                        models.UniqueConstraint(
                            fields=("design", "number"), name="design_version_numbered_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("crop_width__gt", 0),
                                (
                                    "crop_width__lte",
                                    CombinedExpression(models.Value(1000), "-", models.F("crop_x")),
                                ),
                                ("crop_y__lt", 1000),
                            ),
                            name="design_version_cuts_inside_the_picture",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("base__regex", "^#[0-9a-f]{6}$"), ("face", "own")),
                                models.Q(
                                    ("base", ""),
                                    (
                                        "face__in",
                                        (
                                            "jade",
                                            "ink",
                                            "plum",
                                            "persimmon",
                                            "sky",
                                            "tea",
                                            "rose",
                                            "slate",
                                            "moss",
                                            "gold",
                                            "rice",
                                            "mint",
                                        ),
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="design_version_has_a_known_face_or_its_own_colour",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("layout", "none"), models.Q(("cut", ""), _negated=True), _connector="OR"
                            ),
                            name="design_version_shows_only_a_picture_it_has",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("layout", "full"), _negated=True),
                                models.Q(("scrim__gte", 20), ("scrim__lte", 80)),
                                _connector="OR",
                            ),
                            name="design_version_darkens_a_picture_under_text",
                        ),
                    ],
                    "triggers": [written_once("loyalty.DesignVersion", "design_versions_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="PrintBatch",
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
                    ("token", models.CharField(max_length=10, unique=True)),
                    ("quantity", models.PositiveSmallIntegerField(verbose_name="how many")),
                    ("key", models.UUIDField()),
                    (
                        "made_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("made_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "batch of printed cards",
                    "verbose_name_plural": "batches of printed cards",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="print_batch_once_per_key"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="print_batch_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("quantity__gte", 1), ("quantity__lte", 1000)),
                            name="print_batch_of_one_to_a_thousand",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CardMedium",
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
                        "kind",
                        models.CharField(
                            choices=[
                                ("printed", "Printed card"),
                                ("apple", "Apple Wallet"),
                                ("google", "Google Wallet"),
                            ],
                            max_length=7,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "batch",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="media",
                            to="loyalty.printbatch",
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="media",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "number",
                        models.CharField(
                            blank=True, max_length=12, null=True, unique=True, verbose_name="number"
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("secret", models.CharField(blank=True, max_length=6)),
                    (
                        "state",
                        models.CharField(
                            choices=[("blank", "Nobody’s yet"), ("linked", "In use"), ("revoked", "Revoked")],
                            default="blank",
                            max_length=7,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "linked_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("linked_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "revoked_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("revoked_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "card medium",
                    "verbose_name_plural": "card media",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="medium_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "linked"), _negated=True),
                                models.Q(("card__isnull", False), ("linked_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="medium_in_use_has_a_card",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "blank"), _negated=True),
                                models.Q(("card", None), ("linked_at", None)),
                                _connector="OR",
                            ),
                            name="nobodys_medium_has_no_card",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("revoked_at__isnull", False),
                                    ("revoked_by__isnull", False),
                                    ("state", "revoked"),
                                ),
                                models.Q(
                                    ("revoked_at", None),
                                    ("revoked_by", None),
                                    models.Q(("state", "revoked"), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="only_a_revoked_medium_says_when",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("batch__isnull", False),
                                    ("kind", "printed"),
                                    ("number__isnull", False),
                                    models.Q(("secret", ""), _negated=True),
                                ),
                                models.Q(
                                    models.Q(("kind", "printed"), _negated=True),
                                    ("batch", None),
                                    ("number", None),
                                    ("secret", ""),
                                ),
                                _connector="OR",
                            ),
                            name="printed_medium_has_number_and_secret",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(
                                ("state", "linked"), models.Q(("kind", "printed"), _negated=True)
                            ),
                            fields=("card", "kind"),
                            name="one_pass_of_a_kind_in_use",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.CardMedium",
                            "batch_id card_id created_at id kind linked_at linked_by_id merchant_id number revoked_at revoked_by_id secret state token",
                            inserts=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CardMediumEvent",
                fields=[
                    *trail("loyalty.cardmedium"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("printed", "Printed card"),
                                ("apple", "Apple Wallet"),
                                ("google", "Google Wallet"),
                            ],
                            max_length=7,
                            verbose_name="kind",
                        ),
                    ),
                    ("batch", was("loyalty.printbatch", blank=True, null=True)),
                    ("card", was("loyalty.card", blank=True, null=True)),
                    ("number", models.CharField(blank=True, max_length=12, null=True, verbose_name="number")),
                    ("token", models.CharField(max_length=16)),
                    ("secret", models.CharField(blank=True, max_length=6)),
                    (
                        "state",
                        models.CharField(
                            choices=[("blank", "Nobody’s yet"), ("linked", "In use"), ("revoked", "Revoked")],
                            default="blank",
                            max_length=7,
                            verbose_name="state",
                        ),
                    ),
                    ("linked_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("linked_at", models.DateTimeField(blank=True, null=True)),
                    ("revoked_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("revoked_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="PrintOrder",
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
                        "state",
                        models.CharField(
                            choices=[
                                ("requested", "Requested"),
                                ("printing", "In print"),
                                ("sent", "On its way"),
                                ("received", "Received"),
                                ("refused", "Refused"),
                            ],
                            default="requested",
                            max_length=9,
                            verbose_name="state",
                        ),
                    ),
                    ("address", models.CharField(max_length=200, verbose_name="send to")),
                    ("wish", models.CharField(blank=True, max_length=200, verbose_name="wish")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("asked_at", models.DateTimeField(db_default=Now(), verbose_name="asked for")),
                    (
                        "moved_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("moved_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "batch",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="order",
                            to="loyalty.printbatch",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "order of printed cards",
                    "verbose_name_plural": "orders of printed cards",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "refused"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="refused_print_order_says_why",
                        )
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["requested", "printing"])),
                            fields=["asked_at"],
                            name="print_order_open",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.PrintOrder",
                            "address asked_at asked_by_id batch_id id merchant_id moved_at moved_by_id reason state wish",
                            inserts=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PrintOrderEvent",
                fields=[
                    *trail("loyalty.printorder"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("requested", "Requested"),
                                ("printing", "In print"),
                                ("sent", "On its way"),
                                ("received", "Received"),
                                ("refused", "Refused"),
                            ],
                            default="requested",
                            max_length=9,
                            verbose_name="state",
                        ),
                    ),
                    ("address", models.CharField(max_length=200, verbose_name="send to")),
                    ("wish", models.CharField(blank=True, max_length=200, verbose_name="wish")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                    ("asked_by", was(settings.AUTH_USER_MODEL)),
                    ("asked_at", models.DateTimeField(db_default=Now(), verbose_name="asked for")),
                    ("moved_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("moved_at", models.DateTimeField(blank=True, null=True)),
                    ("batch", was("loyalty.printbatch")),
                ],
            ),
            migrations.CreateModel(
                name="WalletPass",
                fields=[
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
                        "medium",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            primary_key=True,
                            related_name="wallet",
                            serialize=False,
                            to="loyalty.cardmedium",
                        ),
                    ),
                    ("secret", models.CharField(max_length=43)),
                    ("changed_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField(blank=True, null=True)),
                    ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ("last_error", models.CharField(blank=True, db_default="", default="", max_length=300)),
                    ("parked_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "pass in a wallet",
                    "verbose_name_plural": "passes in wallets",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("merchant", "medium"), name="wallet_pass_of_merchant"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("secret__regex", "^.{32,}$")),
                            name="wallet_pass_has_a_long_secret",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("parked_at", None)), fields=["due_at"], name="wallet_pass_due"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PassDevice",
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
                        "wallet_pass",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="devices",
                            to="loyalty.walletpass",
                        ),
                    ),
                    ("device", models.CharField(db_index=True, max_length=100)),
                    ("push_token", models.CharField(max_length=200)),
                    ("registered_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "device with a pass",
                    "verbose_name_plural": "devices with passes",
                    "constraints": [
                        models.UniqueConstraint(fields=("wallet_pass", "device"), name="device_once_per_pass")
                    ],
                },
            ),
        ),
        migrations.AddField(
            model_name="carddesign",
            name="head",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to="loyalty.designversion",
            ),
        ),
    ]
