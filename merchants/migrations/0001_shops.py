"""Categories, merchants with their staff, shops and what is shown of them."""

from django.conf import settings
from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import migrations, models
from django.db.models.functions import Now

import merchants.models.word
from portal.kernel.migrating import ID, Together, function, remembered, trail, trigger, was

# Only functions that every PostgreSQL has, by their full names: an index rests on it. hashtext keeps the
# index small; two texts that share a number are told apart afterwards.
MISSPELLINGS = """
    CREATE FUNCTION misspellings(word text) RETURNS int[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT pg_catalog.array_agg(DISTINCT pg_catalog.hashtext(
            pg_catalog.substr(word, 1, at - 1) || pg_catalog.substr(word, at + 1)))
        FROM pg_catalog.generate_series(1, pg_catalog.length(word) + 1) AS at
    $$
"""


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("merchants", "0001_initial"),
        ("merchants", "0005_words"),
        ("merchants", "0006_special_days"),
        ("merchants", "0007_merging"),
        ("merchants", "0008_price_level_and_addresses"),
        ("merchants", "0009_offers_around"),
        ("merchants", "0010_storefront"),
        ("merchants", "0011_corrections"),
        ("merchants", "0012_map_cells"),
        ("merchants", "0013_claims_and_suspensions"),
        ("merchants", "0014_no_message_box_yet"),
        ("merchants", "0015_customers_are_merged"),
        ("merchants", "0016_headline_en"),
        ("merchants", "0017_listings_group"),
    ]
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        function(MISSPELLINGS),
        Together(
            migrations.CreateModel(
                name="Category",
                fields=[
                    ("id", models.AutoField(primary_key=True, serialize=False)),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="children",
                            to="merchants.category",
                        ),
                    ),
                    ("slug", models.SlugField(max_length=40, unique=True)),
                    ("name_zh", models.CharField(max_length=40, verbose_name="Chinese name")),
                    ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                    (
                        "synonyms",
                        ArrayField(
                            base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                        ),
                    ),
                    (
                        "osm_tags",
                        ArrayField(
                            base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                        ),
                    ),
                    ("icon", models.CharField(blank=True, max_length=30)),
                    ("is_bookable", models.BooleanField(default=False, verbose_name="can be booked")),
                    ("is_sellable", models.BooleanField(default=True, verbose_name="can be sold")),
                    ("is_discovery_only", models.BooleanField(default=False, verbose_name="listing only")),
                    ("position", models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "category",
                    "verbose_name_plural": "categories",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_discovery_only", False),
                                models.Q(("is_bookable", False), ("is_sellable", False)),
                                _connector="OR",
                            ),
                            name="discovery_only_sells_and_books_nothing",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MapCell",
                fields=[
                    ID,
                    ("level", models.PositiveSmallIntegerField()),
                    ("x", models.IntegerField()),
                    ("y", models.IntegerField()),
                    (
                        "category",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.category",
                        ),
                    ),
                    ("shops", models.PositiveIntegerField()),
                    ("lat", models.FloatField()),
                    ("lon", models.FloatField()),
                    ("west", models.FloatField()),
                    ("south", models.FloatField()),
                    ("east", models.FloatField()),
                    ("north", models.FloatField()),
                ],
                options={
                    "indexes": [models.Index(fields=["level", "category", "x", "y"], name="map_cell_in_view")]
                },
            ),
            migrations.CreateModel(
                name="Merchant",
                fields=[
                    ("id", models.AutoField(primary_key=True, serialize=False)),
                    ("slug", models.SlugField(max_length=60, unique=True)),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=80, verbose_name="English name")),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("suspended_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "merchant",
                    "verbose_name_plural": "merchants",
                    "triggers": [
                        *remembered("merchants.Merchant", "created_at id name name_en slug suspended_at")
                    ],
                },
            ),
            migrations.CreateModel(
                name="MerchantEvent",
                fields=[
                    *trail("merchants.merchant"),
                    ("id", models.IntegerField()),
                    ("slug", models.SlugField(db_index=False, max_length=60)),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=80, verbose_name="English name")),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("suspended_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="StaffMember",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="staff", to="merchants.merchant"
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="work", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[("owner", "Owner"), ("manager", "Manager"), ("cashier", "Cashier")],
                            max_length=8,
                            verbose_name="role",
                        ),
                    ),
                    ("joined_at", models.DateTimeField(db_default=Now())),
                    ("left_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "staff member",
                    "verbose_name_plural": "staff",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("left_at", None)),
                            fields=("merchant", "user"),
                            name="staff_member_works_once_per_merchant",
                        )
                    ],
                    "triggers": [
                        *remembered("merchants.StaffMember", "id joined_at left_at merchant_id role user_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="StaffMemberEvent",
                fields=[
                    *trail("merchants.staffmember"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("user", was(settings.AUTH_USER_MODEL)),
                    (
                        "role",
                        models.CharField(
                            choices=[("owner", "Owner"), ("manager", "Manager"), ("cashier", "Cashier")],
                            max_length=8,
                            verbose_name="role",
                        ),
                    ),
                    ("joined_at", models.DateTimeField(db_default=Now())),
                    ("left_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Invitation",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="invitations", to="merchants.merchant"
                        ),
                    ),
                    ("token", models.CharField(max_length=20, unique=True)),
                    (
                        "role",
                        models.CharField(
                            choices=[("owner", "Owner"), ("manager", "Manager"), ("cashier", "Cashier")],
                            max_length=8,
                        ),
                    ),
                    ("phone_index", models.BinaryField(max_length=32, null=True)),
                    ("email_index", models.BinaryField(max_length=32, null=True)),
                    ("told", models.CharField(max_length=20)),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("expires_at", models.DateTimeField()),
                    ("taken_at", models.DateTimeField(blank=True, null=True)),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "invitation",
                    "verbose_name_plural": "invitations",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("phone_index__isnull", False),
                                ("email_index__isnull", False),
                                _connector="OR",
                            ),
                            name="invitation_names_somebody",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("taken_at", None), ("withdrawn_at", None)),
                            fields=("merchant", "phone_index"),
                            name="phone_invited_once_at_a_time",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("taken_at", None), ("withdrawn_at", None)),
                            fields=("merchant", "email_index"),
                            name="email_invited_once_at_a_time",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "merchants.Invitation",
                            "by_id created_at email_index expires_at id merchant_id phone_index role taken_at token told withdrawn_at",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="InvitationEvent",
                fields=[
                    *trail("merchants.invitation"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("token", models.CharField(max_length=20)),
                    (
                        "role",
                        models.CharField(
                            choices=[("owner", "Owner"), ("manager", "Manager"), ("cashier", "Cashier")],
                            max_length=8,
                        ),
                    ),
                    ("phone_index", models.BinaryField(max_length=32, null=True)),
                    ("email_index", models.BinaryField(max_length=32, null=True)),
                    ("told", models.CharField(max_length=20)),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("expires_at", models.DateTimeField()),
                    ("taken_at", models.DateTimeField(blank=True, null=True)),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Shop",
                fields=[
                    ID,
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                    ("about", models.TextField(blank=True, verbose_name="about the shop")),
                    (
                        "about_en",
                        models.TextField(
                            blank=True, db_default="", verbose_name="about the shop, in English"
                        ),
                    ),
                    (
                        "promise",
                        models.CharField(
                            blank=True, db_default="", max_length=200, verbose_name="service promise"
                        ),
                    ),
                    (
                        "promise_en",
                        models.CharField(
                            blank=True,
                            db_default="",
                            max_length=300,
                            verbose_name="service promise in English",
                        ),
                    ),
                    ("handbook", models.TextField(blank=True, db_default="", verbose_name="good to know")),
                    (
                        "handbook_en",
                        models.TextField(blank=True, db_default="", verbose_name="good to know, in English"),
                    ),
                    (
                        "away_words",
                        models.CharField(blank=True, db_default="", max_length=200, verbose_name="why"),
                    ),
                    (
                        "away_words_en",
                        models.CharField(
                            blank=True, db_default="", max_length=200, verbose_name="why, in English"
                        ),
                    ),
                    (
                        "merchant",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="shops",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "category",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="shops",
                            to="merchants.category",
                        ),
                    ),
                    ("slug", models.SlugField(max_length=80, unique=True)),
                    ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                    ("phone", models.CharField(blank=True, max_length=60, verbose_name="phone")),
                    (
                        "location",
                        PointField(blank=True, geography=True, null=True, spatial_index=False, srid=4326),
                    ),
                    (
                        "given_datum",
                        models.CharField(
                            choices=[
                                ("WGS-84", "GPS (WGS-84)"),
                                ("GCJ-02", "Amap or Tencent (GCJ-02)"),
                                ("BD-09", "Baidu (BD-09)"),
                            ],
                            default="WGS-84",
                            max_length=8,
                        ),
                    ),
                    ("given_lat", models.FloatField(blank=True, null=True)),
                    ("given_lon", models.FloatField(blank=True, null=True)),
                    (
                        "given_by",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("device", "the device’s position"),
                                ("pin", "the pin on the map"),
                                ("typed", "typed coordinates"),
                                ("import", "an import"),
                            ],
                            db_default="",
                            max_length=6,
                        ),
                    ),
                    ("accuracy_m", models.PositiveIntegerField(blank=True, null=True)),
                    ("time_zone", models.CharField(default="Asia/Shanghai", max_length=40)),
                    ("hours", models.CharField(blank=True, max_length=500, verbose_name="opening hours")),
                    ("opens_at", models.DateTimeField(blank=True, null=True)),
                    ("closes_at", models.DateTimeField(blank=True, null=True)),
                    ("next_change_at", models.DateTimeField(blank=True, null=True)),
                    ("calendar", models.JSONField(blank=True, editable=False, null=True)),
                    ("told", models.JSONField(blank=True, editable=False, null=True)),
                    ("away_from", models.DateField(blank=True, null=True, verbose_name="closed from")),
                    ("back_on", models.DateField(blank=True, null=True, verbose_name="open again on")),
                    ("from_price", models.PositiveIntegerField(blank=True, null=True)),
                    ("headline", models.CharField(blank=True, max_length=60)),
                    ("headline_en", models.CharField(blank=True, db_default="", default="", max_length=80)),
                    ("price_level", models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                    ("cover", models.CharField(blank=True, max_length=120)),
                    (
                        "rating",
                        models.DecimalField(
                            blank=True, decimal_places=2, editable=False, max_digits=3, null=True
                        ),
                    ),
                    ("rating_count", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                    ("search_text", models.TextField(blank=True, default="")),
                    (
                        "bigrams",
                        ArrayField(
                            base_field=models.CharField(max_length=2), blank=True, default=list, size=None
                        ),
                    ),
                    ("source", models.CharField(default="owner", max_length=40)),
                    ("source_id", models.CharField(blank=True, max_length=60)),
                    ("source_licence", models.CharField(blank=True, max_length=120)),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                    ("closed_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "merged_into",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                    ("suspended_at", models.DateTimeField(blank=True, null=True)),
                    ("is_listed", models.BooleanField(default=False)),
                    ("reached", models.PositiveSmallIntegerField(default=0)),
                    ("key", models.UUIDField(blank=True, editable=False, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "shop",
                    "verbose_name_plural": "shops",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("source_id", ""), _negated=True),
                            fields=("source", "source_id"),
                            name="imported_place_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("closes_at", None), ("opens_at", None)),
                                ("closes_at__gt", models.F("opens_at")),
                                _connector="OR",
                            ),
                            name="shop_closes_after_it_opens",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("is_listed", False),
                                models.Q(("closed_at", None), ("published_at__isnull", False)),
                                _connector="OR",
                            ),
                            name="only_published_shops_are_listed",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("published_at", None), ("location__isnull", False), _connector="OR"
                            ),
                            name="published_shop_has_a_place",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("away_from", None), ("back_on", None)),
                                ("back_on__gt", models.F("away_from")),
                                _connector="OR",
                            ),
                            name="shop_comes_back_after_it_went_away",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("price_level", None),
                                models.Q(("price_level__gte", 1), ("price_level__lte", 3)),
                                _connector="OR",
                            ),
                            name="price_level_from_one_to_three",
                        ),
                        models.UniqueConstraint(fields=("key",), name="shop_opened_once_per_request"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("rating", None), ("rating_count__lt", 5)),
                                models.Q(("rating__gte", 1), ("rating__lte", 5), ("rating_count__gte", 5)),
                                _connector="OR",
                            ),
                            name="shop_score_only_from_five_reviews",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("suspended_at", None), ("is_listed", False), _connector="OR"),
                            name="suspended_shop_is_not_listed",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("merged_into", None), ("is_listed", False), _connector="OR"),
                            name="merged_shop_is_not_listed",
                        ),
                    ],
                    "indexes": [
                        GistIndex(
                            condition=models.Q(("is_listed", True)),
                            fields=["category", "location"],
                            name="shop_category_near",
                        ),
                        GistIndex(
                            models.F("location"), condition=models.Q(("is_listed", True)), name="shop_near"
                        ),
                        GistIndex(
                            models.F("location"),
                            condition=models.Q(("is_listed", True), ("merchant__isnull", False)),
                            name="shop_of_merchant_near",
                        ),
                        GinIndex(
                            condition=models.Q(("is_listed", True)), fields=["bigrams"], name="shop_bigrams"
                        ),
                        GinIndex(
                            condition=models.Q(("is_listed", True)),
                            fields=["search_text"],
                            name="shop_trigrams",
                            opclasses=["gin_trgm_ops"],
                        ),
                        GinIndex(
                            condition=models.Q(("is_listed", True)),
                            fields=["address"],
                            name="shop_address_trigrams",
                            opclasses=["gin_trgm_ops"],
                        ),
                        models.Index(
                            condition=models.Q(("next_change_at__isnull", False)),
                            fields=["next_change_at"],
                            name="shop_hours_due",
                        ),
                        models.Index(fields=["merchant", "id"], name="shop_of_merchant"),
                    ],
                    "triggers": [
                        *remembered(
                            "merchants.Shop",
                            "about about_en accuracy_m address away_from away_words away_words_en back_on category_id closed_at confirmed_at cover created_at given_by given_datum given_lat given_lon handbook handbook_en hours id is_listed key location merchant_id merged_into_id name name_en phone promise promise_en published_at slug source source_id source_licence suspended_at time_zone",
                            inserts=False,
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ShopEvent",
                fields=[
                    *trail("merchants.shop"),
                    ("id", models.BigIntegerField()),
                    ("name", models.CharField(max_length=120, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                    ("about", models.TextField(blank=True, verbose_name="about the shop")),
                    (
                        "about_en",
                        models.TextField(
                            blank=True, db_default="", verbose_name="about the shop, in English"
                        ),
                    ),
                    (
                        "promise",
                        models.CharField(
                            blank=True, db_default="", max_length=200, verbose_name="service promise"
                        ),
                    ),
                    (
                        "promise_en",
                        models.CharField(
                            blank=True,
                            db_default="",
                            max_length=300,
                            verbose_name="service promise in English",
                        ),
                    ),
                    ("handbook", models.TextField(blank=True, db_default="", verbose_name="good to know")),
                    (
                        "handbook_en",
                        models.TextField(blank=True, db_default="", verbose_name="good to know, in English"),
                    ),
                    (
                        "away_words",
                        models.CharField(blank=True, db_default="", max_length=200, verbose_name="why"),
                    ),
                    (
                        "away_words_en",
                        models.CharField(
                            blank=True, db_default="", max_length=200, verbose_name="why, in English"
                        ),
                    ),
                    ("merchant", was("merchants.merchant", blank=True, null=True)),
                    ("category", was("merchants.category")),
                    ("slug", models.SlugField(db_index=False, max_length=80)),
                    ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                    ("phone", models.CharField(blank=True, max_length=60, verbose_name="phone")),
                    (
                        "location",
                        PointField(blank=True, geography=True, null=True, spatial_index=False, srid=4326),
                    ),
                    (
                        "given_datum",
                        models.CharField(
                            choices=[
                                ("WGS-84", "GPS (WGS-84)"),
                                ("GCJ-02", "Amap or Tencent (GCJ-02)"),
                                ("BD-09", "Baidu (BD-09)"),
                            ],
                            default="WGS-84",
                            max_length=8,
                        ),
                    ),
                    ("given_lat", models.FloatField(blank=True, null=True)),
                    ("given_lon", models.FloatField(blank=True, null=True)),
                    (
                        "given_by",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("device", "the device’s position"),
                                ("pin", "the pin on the map"),
                                ("typed", "typed coordinates"),
                                ("import", "an import"),
                            ],
                            db_default="",
                            max_length=6,
                        ),
                    ),
                    ("accuracy_m", models.PositiveIntegerField(blank=True, null=True)),
                    ("time_zone", models.CharField(default="Asia/Shanghai", max_length=40)),
                    ("hours", models.CharField(blank=True, max_length=500, verbose_name="opening hours")),
                    ("away_from", models.DateField(blank=True, null=True, verbose_name="closed from")),
                    ("back_on", models.DateField(blank=True, null=True, verbose_name="open again on")),
                    ("cover", models.CharField(blank=True, max_length=120)),
                    ("source", models.CharField(default="owner", max_length=40)),
                    ("source_id", models.CharField(blank=True, max_length=60)),
                    ("source_licence", models.CharField(blank=True, max_length=120)),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                    ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ("merged_into", was("merchants.shop", blank=True, null=True)),
                    ("suspended_at", models.DateTimeField(blank=True, null=True)),
                    ("is_listed", models.BooleanField(default=False)),
                    ("key", models.UUIDField(blank=True, editable=False, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Provenance",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="provenance",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "fact",
                        models.CharField(
                            choices=[
                                ("name", "Shop name"),
                                ("category", "Category"),
                                ("location", "Place on the map"),
                                ("address", "Address"),
                                ("hours", "Opening hours"),
                                ("phone", "Phone for customers"),
                            ],
                            max_length=8,
                        ),
                    ),
                    (
                        "origin",
                        models.CharField(
                            choices=[
                                ("owner", "the shop itself"),
                                ("visitor", "a visitor"),
                                ("opendata", "open data"),
                                ("staff", "our staff"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("source", models.CharField(blank=True, max_length=40)),
                    ("licence", models.CharField(blank=True, max_length=120)),
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
                    (
                        "accepted_by",
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
                        "accepted_as",
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
                    ("noted_at", models.DateTimeField()),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                    ("confirmations", models.PositiveIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "source of a fact",
                    "verbose_name_plural": "sources of facts",
                    "constraints": [
                        models.UniqueConstraint(fields=("shop", "fact"), name="fact_has_one_source"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("origin", "opendata"), _negated=True),
                                models.Q(("source", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="open_data_says_its_source",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("accepted_as", ""), ("origin", "visitor"), _connector="OR"),
                            name="only_a_visitors_fact_is_accepted",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Confirmation",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False, on_delete=models.CASCADE, related_name="+", to="merchants.shop"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("quarter", models.DateField()),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "confirmation of a listing",
                    "verbose_name_plural": "confirmations of listings",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("shop", "by", "quarter"), name="listing_confirmed_once_a_quarter"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="SpecialDay",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="special_days",
                            to="merchants.shop",
                        ),
                    ),
                    ("on", models.DateField(verbose_name="date")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("closed", "Closed"), ("hours", "Other hours"), ("usual", "As usual")],
                            max_length=6,
                            verbose_name="open?",
                        ),
                    ),
                    ("hours", models.CharField(blank=True, max_length=60, verbose_name="hours")),
                    ("label", models.CharField(blank=True, max_length=40, verbose_name="name of the day")),
                    ("label_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                ],
                options={
                    "verbose_name": "special day",
                    "verbose_name_plural": "special days",
                    "constraints": [
                        models.UniqueConstraint(fields=("shop", "on"), name="special_day_once_per_shop"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "hours"), models.Q(("hours", ""), _negated=True)),
                                models.Q(models.Q(("kind", "hours"), _negated=True), ("hours", "")),
                                _connector="OR",
                            ),
                            name="special_day_with_hours_has_some",
                        ),
                    ],
                    "triggers": [
                        *remembered("merchants.SpecialDay", "hours id kind label label_en on shop_id")
                    ],
                },
            ),
            migrations.CreateModel(
                name="SpecialDayEvent",
                fields=[
                    *trail("merchants.specialday"),
                    ("id", models.BigIntegerField()),
                    ("shop", was("merchants.shop")),
                    ("on", models.DateField(verbose_name="date")),
                    (
                        "kind",
                        models.CharField(
                            choices=[("closed", "Closed"), ("hours", "Other hours"), ("usual", "As usual")],
                            max_length=6,
                            verbose_name="open?",
                        ),
                    ),
                    ("hours", models.CharField(blank=True, max_length=60, verbose_name="hours")),
                    ("label", models.CharField(blank=True, max_length=40, verbose_name="name of the day")),
                    ("label_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                ],
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="notices",
                            to="merchants.shop",
                        ),
                    ),
                    ("text", models.TextField(verbose_name="notice")),
                    ("text_en", models.TextField(blank=True, verbose_name="notice in English")),
                    ("from_on", models.DateField(verbose_name="from")),
                    ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    (
                        "replaces",
                        models.OneToOneField(
                            blank=True,
                            editable=False,
                            null=True,
                            on_delete=models.CASCADE,
                            related_name="replacement",
                            to="merchants.notice",
                        ),
                    ),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ("key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "notice",
                    "verbose_name_plural": "notices",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                            ),
                            name="notice_ends_after_it_begins",
                        )
                    ],
                    "indexes": [models.Index(fields=["shop", "-from_on", "-id"], name="notice_of_shop")],
                    "triggers": [
                        *remembered(
                            "merchants.Notice",
                            "created_at from_on id key published_at replaces_id shop_id text text_en until_on withdrawn_at",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="NoticeEvent",
                fields=[
                    *trail("merchants.notice"),
                    ("id", models.BigIntegerField()),
                    ("shop", was("merchants.shop")),
                    ("text", models.TextField(verbose_name="notice")),
                    ("text_en", models.TextField(blank=True, verbose_name="notice in English")),
                    ("from_on", models.DateField(verbose_name="from")),
                    ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                    ("replaces", was("merchants.notice", blank=True, null=True, editable=False)),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ("key", models.UUIDField(blank=True, editable=False, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Photo",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="photos", to="merchants.shop"
                        ),
                    ),
                    ("stem", models.CharField(max_length=120, unique=True)),
                    ("digest", models.BinaryField(max_length=32)),
                    ("width", models.PositiveSmallIntegerField()),
                    ("height", models.PositiveSmallIntegerField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("front", "Frontage"),
                                ("inside", "Inside"),
                                ("tools", "Equipment"),
                                ("work", "Our work"),
                                ("menu", "Menu or price list"),
                                ("other", "Something else"),
                            ],
                            db_default="front",
                            default="front",
                            max_length=6,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "alt",
                        models.CharField(blank=True, max_length=120, verbose_name="what the picture shows"),
                    ),
                    (
                        "alt_en",
                        models.CharField(
                            blank=True,
                            db_default="",
                            max_length=160,
                            verbose_name="what the picture shows, in English",
                        ),
                    ),
                    ("position", models.PositiveSmallIntegerField(default=0)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "photo",
                    "verbose_name_plural": "photos",
                    "constraints": [
                        models.UniqueConstraint(fields=("shop", "digest"), name="photo_once_per_shop")
                    ],
                    "indexes": [models.Index(fields=["shop", "position", "id"], name="photo_of_shop")],
                },
            ),
            migrations.CreateModel(
                name="Service",
                fields=[
                    ID,
                    (
                        "shop",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="services", to="merchants.shop"
                        ),
                    ),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=80, verbose_name="English name")),
                    ("price", models.PositiveIntegerField(verbose_name="price")),
                    (
                        "minutes",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes"),
                    ),
                    ("description", models.TextField(blank=True, db_default="", verbose_name="description")),
                    (
                        "description_en",
                        models.TextField(blank=True, db_default="", verbose_name="description in English"),
                    ),
                    (
                        "photo",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.SET_NULL,
                            related_name="+",
                            to="merchants.photo",
                        ),
                    ),
                    ("position", models.PositiveSmallIntegerField(default=0)),
                    ("removed_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "service",
                    "verbose_name_plural": "services",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("removed_at", None)),
                            fields=("shop", "name"),
                            name="service_named_once_per_shop",
                        )
                    ],
                    "indexes": [models.Index(fields=["shop", "position", "id"], name="service_of_shop")],
                    "triggers": [
                        *remembered(
                            "merchants.Service",
                            "description description_en id minutes name name_en photo_id price removed_at shop_id",
                            whole=False,
                        ),
                        trigger(
                            "merchants.Service",
                            "discovery_only_shop_sells_nothing",
                            when="BEFORE",
                            operation='INSERT OR UPDATE OF "shop_id"',
                            func="""
                    IF EXISTS (
                        SELECT FROM merchants_shop
                        JOIN merchants_category ON merchants_category.id = category_id
                        WHERE merchants_shop.id = NEW.shop_id AND is_discovery_only
                    ) THEN
                        RAISE EXCEPTION 'discovery_only_shop_sells_nothing' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ServiceEvent",
                fields=[
                    *trail("merchants.service"),
                    ("id", models.BigIntegerField()),
                    ("shop", was("merchants.shop")),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=80, verbose_name="English name")),
                    ("price", models.PositiveIntegerField(verbose_name="price")),
                    (
                        "minutes",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes"),
                    ),
                    ("description", models.TextField(blank=True, db_default="", verbose_name="description")),
                    (
                        "description_en",
                        models.TextField(blank=True, db_default="", verbose_name="description in English"),
                    ),
                    ("photo", was("merchants.photo", blank=True, null=True)),
                    ("removed_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Word",
                fields=[
                    ID,
                    ("text", models.CharField(max_length=24, unique=True)),
                    ("shops", models.PositiveIntegerField(default=1)),
                ],
                options={
                    "indexes": [GinIndex(merchants.models.word.Misspellings("text"), name="word_misspelt")]
                },
            ),
            migrations.CreateModel(
                name="Suspension",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="suspensions",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="suspensions",
                            to="merchants.shop",
                        ),
                    ),
                    ("reason", models.TextField(verbose_name="reason")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("since", models.DateTimeField(verbose_name="since")),
                    (
                        "lifted_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                ],
                options={
                    "verbose_name": "suspension",
                    "verbose_name_plural": "suspensions",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("merchant", None), ("shop__isnull", False)),
                                models.Q(("merchant__isnull", False), ("shop", None)),
                                _connector="OR",
                            ),
                            name="suspension_of_a_merchant_or_a_shop",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reason", ""), _negated=True), name="suspension_has_a_reason"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("lifted_at", None), ("lifted_by", None)),
                                models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="lifted_suspension_says_by_whom",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("lifted_at", None)),
                            fields=("merchant",),
                            name="merchant_suspended_once_at_a_time",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("lifted_at", None)),
                            fields=("shop",),
                            name="shop_suspended_once_at_a_time",
                        ),
                    ],
                    "indexes": [models.Index(fields=["merchant", "-since"], name="suspensions_of_merchant")],
                    "triggers": [
                        *remembered(
                            "merchants.Suspension",
                            "by_id id lifted_at lifted_by_id merchant_id reason shop_id since",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="SuspensionEvent",
                fields=[
                    *trail("merchants.suspension"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant", blank=True, null=True)),
                    ("shop", was("merchants.shop", blank=True, null=True)),
                    ("reason", models.TextField(verbose_name="reason")),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("since", models.DateTimeField(verbose_name="since")),
                    ("lifted_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                ],
            ),
        ),
    ]
