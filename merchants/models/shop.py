"""Shops: where a merchant is found, or a listing from open data that nobody has claimed yet."""

from datetime import datetime
from typing import Self

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import connections, models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.datum import Datum, GivenBy
from merchants.finding.folding import words_of
from merchants.finding.near import Near, Nearby, literal
from merchants.models.category import Category
from merchants.models.merchant import Merchant, Role
from merchants.models.shop_words import ShopWords
from merchants.opening.hours import OpenState, shown
from merchants.opening.special import Special, read
from merchants.photos import srcset_of, url_of
from merchants.wording import in_language
from portal.kernel.audit import audited
from portal.kernel.models import User


class ShopQuerySet(models.QuerySet["Shop"]):
    def listed(self) -> Self:
        """What everybody may find: published, not closed for good, merchant not suspended."""
        return self.filter(is_listed=True)

    def open_at(self, moment: datetime) -> Self:
        return self.filter(opens_at__lte=moment, closes_at__gt=moment)

    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def drafts_of(self, user: User) -> Self:
        """Shops that somebody began to enter and hasn't published, the latest first."""
        edits = Merchant.objects.filter(
            staff__user=user, staff__left_at=None, staff__role__in=[Role.OWNER, Role.MANAGER]
        )
        drafts = self.filter(merchant__in=edits, published_at=None, closed_at=None)
        return drafts.select_related("merchant", "category").order_by("-pk")

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)

    def for_storefront(self, lat: float, lon: float) -> Self:
        """With what a shop's page needs at once, and ``metres`` from the point, also for unlisted ones."""
        related = self.select_related("merchant", "category__parent")
        # not Distance(): that one asks for the spatial reference system first
        measured = (
            'ST_Distance("merchants_shop"."location", ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography)'
        )
        far = RawSQL(measured, (lon, lat), output_field=models.FloatField())  # noqa: S611
        return related.annotate(metres=far)

    def at_address(self, text: str, lat: float, lon: float) -> tuple[float, float] | None:
        """The nearest point of a listed shop whose address has these words; None when there is none."""
        sql = (
            "SELECT ST_Y(location::geometry), ST_X(location::geometry) FROM merchants_shop"
            " WHERE is_listed AND address ILIKE %s"
            " ORDER BY location <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography LIMIT 1"
        )
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, [f"%{literal(text)}%", lon, lat])
            row: tuple[float, float] | None = cursor.fetchone()
            return row

    def near(
        self,
        lat: float,
        lon: float,
        *,
        within_m: float | None = None,
        category: Category | None = None,
        open_at: datetime | None = None,
        price_levels: tuple[int, ...] = (),
        text: str = "",
        limit: int = 20,
    ) -> list[Nearby]:
        """Listed shops, nearest first, measured on the WGS-84 spheroid; light rows, not models."""
        keys = Category.objects.keys_of(category) if category else ()
        words = tuple(words_of(text))
        question = Near(
            lat=lat,
            lon=lon,
            limit=limit,
            within_m=within_m,
            categories=keys,
            open_at=open_at,
            price_levels=price_levels,
            words=words,
        )
        return question.ask(self.db)


@audited(
    inserts=False,
    leave_out=[
        "search_text",
        "bigrams",
        "opens_at",
        "closes_at",
        "next_change_at",
        "calendar",
        "told",
        "from_price",
        "headline",
        "headline_en",
        "price_level",
        "reached",
        "rating",
        "rating_count",
    ],
)
class Shop(ShopWords):
    """One place with a door: name, point, hours, and what search needs, kept on the row."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, null=True, blank=True, related_name="shops")
    category = models.ForeignKey(Category, models.PROTECT, related_name="shops", db_index=False)
    slug = models.SlugField(max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)  # as published, may hold two numbers
    location = gis.PointField(geography=True, spatial_index=False, null=True, blank=True)  # WGS-84
    given_datum = models.CharField(max_length=8, choices=Datum, default=Datum.WGS84)
    given_lat = models.FloatField(null=True, blank=True)  # as given, degrees in that datum
    given_lon = models.FloatField(null=True, blank=True)
    given_by = models.CharField(max_length=6, choices=GivenBy, blank=True, db_default="")
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")

    hours = models.CharField(_("opening hours"), max_length=500, blank=True)  # OpenStreetMap syntax
    opens_at = models.DateTimeField(null=True, blank=True)  # the current opening, or the next one
    closes_at = models.DateTimeField(null=True, blank=True)
    next_change_at = models.DateTimeField(null=True, blank=True)  # when the two above are worked out again
    calendar = models.JSONField(null=True, blank=True, editable=False)  # special days
    told = models.JSONField(
        null=True, blank=True, editable=False
    )  # published notices, as the page reads them
    away_from = models.DateField(_("closed from"), null=True, blank=True)
    back_on = models.DateField(_("open again on"), null=True, blank=True)

    from_price = models.PositiveIntegerField(null=True, blank=True)  # cheapest service, minor units
    headline = models.CharField(max_length=60, blank=True)  # that service's name
    headline_en = models.CharField(max_length=80, blank=True, default="", db_default="")
    price_level = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False
    )  # 1 to 3, of its kind
    cover = models.CharField(max_length=120, blank=True)  # the photo on lists: a stored file's stem
    # of reviews after a visit, kept by the database with the reviews themselves; no score under five
    rating = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True, editable=False)
    rating_count = models.PositiveIntegerField(db_default=0, default=0, editable=False)
    search_text = models.TextField(
        blank=True, default=""
    )  # names, synonyms, services, pinyin and initials, folded
    bigrams = ArrayField(models.CharField(max_length=2), default=list, blank=True)

    source = models.CharField(max_length=40, default="owner")
    source_id = models.CharField(max_length=60, blank=True)
    source_licence = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    suspended_at = models.DateTimeField(null=True, blank=True)
    is_listed = models.BooleanField(default=False)
    reached = models.PositiveSmallIntegerField(default=0)  # how many steps of the wizard are behind it
    key = models.UUIDField(null=True, blank=True, editable=False)  # of the request that opened it
    created_at = models.DateTimeField(db_default=Now())

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints = [
            models.UniqueConstraint(
                name="imported_place_once",
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
            ),
            models.CheckConstraint(
                name="shop_closes_after_it_opens",
                condition=Q(opens_at=None, closes_at=None) | Q(closes_at__gt=F("opens_at")),
            ),
            models.CheckConstraint(
                name="only_published_shops_are_listed",
                condition=Q(is_listed=False) | Q(published_at__isnull=False, closed_at=None),
            ),
            models.CheckConstraint(
                name="published_shop_has_a_place",
                condition=Q(published_at=None) | Q(location__isnull=False),
            ),
            models.CheckConstraint(
                name="shop_comes_back_after_it_went_away",
                condition=Q(away_from=None, back_on=None) | Q(back_on__gt=F("away_from")),
            ),
            models.CheckConstraint(
                name="price_level_from_one_to_three",
                condition=Q(price_level=None) | Q(price_level__gte=1, price_level__lte=3),
            ),
            models.UniqueConstraint(name="shop_opened_once_per_request", fields=["key"]),
            models.CheckConstraint(
                name="shop_score_only_from_five_reviews",
                condition=Q(rating=None, rating_count__lt=5)
                | Q(rating__gte=1, rating__lte=5, rating_count__gte=5),
            ),
            models.CheckConstraint(
                name="suspended_shop_is_not_listed",
                condition=Q(suspended_at=None) | Q(is_listed=False),
            ),
            models.CheckConstraint(
                name="merged_shop_is_not_listed",
                condition=Q(merged_into=None) | Q(is_listed=False),
            ),
        ]
        indexes = [
            GistIndex(
                fields=["category", "location"],
                name="shop_category_near",
                condition=Q(is_listed=True),
            ),
            # as expressions: of a field alone PostGIS's schema editor forgets the condition
            GistIndex(F("location"), name="shop_near", condition=Q(is_listed=True)),
            # the offers board walks outwards over shops of merchants alone
            GistIndex(
                F("location"),
                name="shop_of_merchant_near",
                condition=Q(is_listed=True, merchant__isnull=False),
            ),
            GinIndex(fields=["bigrams"], name="shop_bigrams", condition=Q(is_listed=True)),
            GinIndex(
                fields=["search_text"],
                name="shop_trigrams",
                opclasses=["gin_trgm_ops"],
                condition=Q(is_listed=True),
            ),
            # somebody gives a street instead of a position
            GinIndex(
                fields=["address"],
                name="shop_address_trigrams",
                opclasses=["gin_trgm_ops"],
                condition=Q(is_listed=True),
            ),
            models.Index(
                fields=["next_change_at"],
                name="shop_hours_due",
                condition=Q(next_change_at__isnull=False),
            ),
            models.Index(fields=["merchant", "id"], name="shop_of_merchant"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The storefront; its page belongs to an app above."""
        return f"/s/{self.slug}/"

    @property
    def open_state(self) -> OpenState:
        """The words at the door, now."""
        now = timezone.now()
        return shown(self.hours, self.time_zone, self.opens_at, self.closes_at, now, self.special)

    @property
    def special(self) -> Special:
        """What differs from the usual week."""
        return read(self.calendar)

    @property
    def headline_says(self) -> str:
        return in_language(self.headline, self.headline_en)

    @property
    def photo_url(self) -> str:
        """The picture on lists; empty where the category's drawn cover stands in."""
        return url_of(self.cover, 192) if self.cover else ""

    @property
    def photo_srcset(self) -> str:
        return srcset_of(self.cover, 96, 192, 384) if self.cover else ""

    @property
    def is_claimed(self) -> bool:
        return self.merchant_id is not None

    def is_open_at(self, moment: datetime) -> bool:
        return bool(self.opens_at and self.closes_at and self.opens_at <= moment < self.closes_at)
