"""Coupon programmes that merchants publish."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models.terms import CouponTerms
from merchants.models import Merchant
from portal.kernel.audit import audited


class CouponKind(models.TextChoices):
    AMOUNT = "amount", _("Amount off")
    PERCENT = "percent", _("Percent off")
    FIXED = "fixed", _("Fixed price")
    GIFT = "gift", _("Something free")
    VOUCHER = "voucher", _("Voucher for a service")
    VALUE = "value", _("Value to use in parts")


#: The face of a coupon by its kind: what must be said and what must not. Programmes and coupons share it.
_NOTHING_ELSE = {"amount_off": None, "percent_off": None, "price": None}
FACE_FITS = (
    Q(kind="amount", item="", amount_off__gt=0, percent_off=None, price=None)
    | Q(kind="value", item="", uses=1, amount_off__gt=0, percent_off=None, price=None)
    | Q(kind="percent", item="", percent_off__gte=1, percent_off__lte=100, amount_off=None, price=None)
    | Q(kind="fixed", price__gte=0, amount_off=None, percent_off=None) & ~Q(item="")
    | Q(kind="gift", **_NOTHING_ELSE) & ~Q(item="")
    | Q(kind="voucher", **_NOTHING_ELSE) & ~Q(item="")
)
MOST_USES = 100


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ENDED = "ended", _("Ended")


class CouponProgrammeQuerySet(models.QuerySet["CouponProgramme"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def claimable_at(self, moment: datetime) -> Self:
        return self.filter(
            state=ProgrammeState.PUBLISHED,
            starts_at__lte=moment,
            ends_at__gt=moment,
            claimed__lt=F("stock"),
        )

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited(leave_out=["claimed", "redeemed"])
class CouponProgramme(models.Model):
    """The terms of an offer: what it takes off, for how many, until when."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="coupon_programmes", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    title = models.CharField(_("title"), max_length=40)
    kind = models.CharField(_("kind"), max_length=8, choices=CouponKind)
    amount_off = models.PositiveIntegerField(_("amount off"), null=True, blank=True)  # minor units
    percent_off = models.PositiveSmallIntegerField(_("percent off"), null=True, blank=True)
    most_off = models.PositiveIntegerField(_("at most"), null=True, blank=True)  # cap of a percentage
    price = models.PositiveIntegerField(_("price with the coupon"), null=True, blank=True)
    item = models.CharField(_("what is free"), max_length=40, blank=True)
    uses = models.PositiveSmallIntegerField(_("uses"), default=1, db_default=1)  # more than one: a pack
    minimum = models.PositiveIntegerField(_("minimum bill"), default=0)
    terms = models.ForeignKey(
        CouponTerms, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    stock = models.PositiveIntegerField(_("how many"))
    per_person = models.PositiveSmallIntegerField(_("per person"), default=1)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    state = models.CharField(max_length=10, choices=ProgrammeState, default=ProgrammeState.DRAFT)
    claimed = models.PositiveIntegerField(default=0)
    redeemed = models.PositiveIntegerField(default=0)
    key = models.UUIDField()  # of the form that drafted it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CouponProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon programme")
        verbose_name_plural = _("coupon programmes")
        constraints = [
            models.CheckConstraint(name="coupon_takes_off_what_its_kind_says", condition=FACE_FITS),
            models.CheckConstraint(
                name="coupon_pack_of_one_to_a_hundred", condition=Q(uses__gte=1, uses__lte=MOST_USES)
            ),
            models.CheckConstraint(
                name="coupons_claimed_within_stock",
                condition=Q(claimed__lte=F("stock")),
            ),
            models.CheckConstraint(
                name="coupons_redeemed_within_claimed",
                condition=Q(redeemed__lte=F("claimed")),
            ),
            models.CheckConstraint(
                name="coupon_programme_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(name="coupon_per_person_at_least_one", condition=Q(per_person__gte=1)),
            # what a child's (merchant, programme) points at, so that it can't stand in another tenant
            models.UniqueConstraint(name="coupon_programme_of_merchant", fields=["merchant", "id"]),
            models.UniqueConstraint(name="coupon_programme_once_per_key", fields=["merchant", "key"]),
        ]

    def __str__(self) -> str:
        return self.title

    def stage_at(self, moment: datetime) -> str:
        """How people meet it: draft, upcoming, claimable, soldout or expired."""
        if self.state == ProgrammeState.DRAFT:
            return "draft"
        if self.state == ProgrammeState.ENDED or moment >= self.ends_at:
            return "expired"
        if moment < self.starts_at:
            return "upcoming"
        return "claimable" if self.claimed < self.stock else "soldout"

    @property
    def left(self) -> int:
        return self.stock - self.claimed

    @property
    def last_moment(self) -> datetime:
        """The end is exclusive; people are told the last day on which it still holds."""
        return self.ends_at - timedelta(seconds=1)


class Via(models.TextChoices):
    """The way on which somebody came to an offer."""

    LINK = "link", _("Link")
    PAGE = "page", _("Street Corner’s pages")  # the shop’s page and the board of offers
    POSTER = "poster", _("Poster")
    PAPER = "paper", _("Paper")
    PUSH = "push", _("Push")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    INBOX = "inbox", _("Inbox")


class Sighting(models.Model):
    """How many people an offer was shown to on a day, by the way they came: counted, never by person."""

    programme = models.ForeignKey(CouponProgramme, models.CASCADE, related_name="sightings")
    seen_on = models.DateField()
    via = models.CharField(max_length=6, choices=Via, default=Via.LINK, db_default=Via.LINK)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("sighting of an offer")
        verbose_name_plural = _("sightings of offers")
        constraints = [
            models.UniqueConstraint(name="sighting_once_per_day", fields=["programme", "seen_on", "via"])
        ]

    def __str__(self) -> str:
        return f"{self.seen_on} {self.via} {self.times}"


class Glance(models.Model):
    """That somebody signed in has been counted today. A keyed mark, no name; gone the day after."""

    programme = models.ForeignKey(CouponProgramme, models.CASCADE, related_name="+", db_index=False)
    seen_on = models.DateField(db_index=True)  # read by the task that forgets
    mark = models.BinaryField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="person_counted_once_a_day", fields=["programme", "seen_on", "mark"])
        ]

    def __str__(self) -> str:
        return str(self.seen_on)
