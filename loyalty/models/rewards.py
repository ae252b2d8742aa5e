"""What points are exchanged for, and the stamps that make every so-manyth visit free."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.ledger import Entry
from loyalty.models.membership import Card, Programme
from loyalty.value.expiry import zone_of
from merchants.models import Merchant, Shop
from merchants.wording import in_language
from portal.kernel.audit import audited
from portal.kernel.db import append_only
from portal.kernel.models import User


class RewardQuerySet(models.QuerySet["Reward"]):
    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme).order_by("-is_on", "cost", "pk")

    def offered(self) -> Self:
        return self.filter(is_on=True)


@audited(leave_out=["left"])
class Reward(models.Model):
    """Something that so many points buy, as long as there is some left."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="rewards")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    cost = models.PositiveIntegerField(_("points"))
    stock = models.PositiveIntegerField(_("pieces"))
    left = models.PositiveIntegerField()  # moved by one conditional UPDATE for each piece
    days = models.PositiveSmallIntegerField(_("good for (days)"), default=90)
    key = models.UUIDField()
    is_on = models.BooleanField(_("offered"), default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        constraints = [
            models.UniqueConstraint(name="reward_once_per_key", fields=["programme", "key"]),
            models.UniqueConstraint(name="reward_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(name="reward_costs_something", condition=Q(cost__gt=0)),
            models.CheckConstraint(
                name="reward_left_within_stock", condition=Q(left__gte=0, left__lte=F("stock"))
            ),
            models.CheckConstraint(name="reward_is_good_for_a_day", condition=Q(days__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)


class StampSchemeQuerySet(models.QuerySet["StampScheme"]):
    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme).order_by("-is_on", "pk")

    def running(self) -> Self:
        return self.filter(is_on=True)


class StampBasis(models.TextChoices):
    VISIT = "visit", _("One for each visit")
    ITEM = "item", _("One for each item")


@audited()
class StampScheme(models.Model):
    """ "Ten washes, one free": so many stamps for a free one."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="stamp_schemes")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    gift = models.CharField(_("what is free"), max_length=40)
    gift_en = models.CharField(_("what is free, in English"), max_length=60, blank=True)
    needed = models.PositiveSmallIntegerField(_("stamps"), default=10)
    basis = models.CharField(_("a stamp"), max_length=5, choices=StampBasis, default=StampBasis.VISIT)
    services = ArrayField(models.BigIntegerField(), default=list, blank=True)  # empty: whatever is bought
    months = models.PositiveSmallIntegerField(_("stamps are good for (months)"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("the free one is good for (days)"), default=90)
    key = models.UUIDField()
    is_on = models.BooleanField(_("running"), default=True)

    objects = StampSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("stamp card")
        verbose_name_plural = _("stamp cards")
        constraints = [
            models.UniqueConstraint(name="stamp_scheme_once_per_key", fields=["programme", "key"]),
            models.UniqueConstraint(name="stamp_scheme_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="stamp_card_needs_two_at_least", condition=Q(needed__gte=2, needed__lte=50)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def gift_title(self) -> str:
        return in_language(self.gift, self.gift_en)


class StampCardQuerySet(models.QuerySet["StampCard"]):
    def with_zone(self) -> Self:
        """Adds ``zone``: on whose calendar the stamps lapse."""
        return self.annotate(zone=zone_of())


class StampCard(models.Model):
    """One card's stamps towards one free item: ``held`` of the scheme's number; full ones are vouchers."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="stamp_cards", db_constraint=False)
    scheme = models.ForeignKey(StampScheme, models.PROTECT, related_name="+")
    held = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    zone: str  # what ``with_zone`` adds

    objects = StampCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("stamps of a card")
        verbose_name_plural = _("stamps of cards")
        constraints = [
            models.UniqueConstraint(name="stamps_once_per_card_and_scheme", fields=["card", "scheme"])
        ]

    def __str__(self) -> str:
        return f"{self.held}"


class VoucherState(models.TextChoices):
    ISSUED = "issued", _("Ready to use")
    USED = "used", _("Used")
    RETURNED = "returned", _("Taken back")


class VoucherQuerySet(models.QuerySet["RewardVoucher"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant).select_related("card__customer__user", "card__programme")

    def usable_on(self, card: Card, moment: datetime) -> Self:
        return self.filter(card=card, state=VoucherState.ISSUED, valid_until__gt=moment).order_by(
            "valid_until", "pk"
        )

    def done_lately(self, card: Card, by: User, since: datetime) -> Self:
        """What this person handed over a moment ago and may still undo."""
        return self.filter(card=card, state=VoucherState.USED, used_by=by, used_at__gte=since).order_by(
            "-used_at"
        )

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class RewardVoucher(models.Model):
    """A right to one free thing, got for points or for a full stamp card; used once, at a counter."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="vouchers", db_constraint=False)
    reward = models.ForeignKey(Reward, models.PROTECT, null=True, blank=True, related_name="vouchers")
    scheme = models.ForeignKey(StampScheme, models.PROTECT, null=True, blank=True, related_name="vouchers")
    stamp_card = models.ForeignKey(
        StampCard, models.PROTECT, null=True, blank=True, related_name="vouchers", db_index=False
    )
    stamps = models.PositiveSmallIntegerField(default=0)  # how many it took
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    token = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=8, choices=VoucherState, default=VoucherState.ISSUED)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="voucher")
    key = models.UUIDField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    used_shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward voucher")
        verbose_name_plural = _("reward vouchers")
        constraints = [
            models.UniqueConstraint(name="voucher_once_per_key", fields=["card", "key"]),
            models.CheckConstraint(
                name="voucher_comes_from_points_or_stamps",
                condition=Q(reward__isnull=False, entry__isnull=False, scheme=None, stamp_card=None, stamps=0)
                | Q(reward=None, entry=None, scheme__isnull=False, stamp_card__isnull=False, stamps__gt=0),
            ),
            models.CheckConstraint(
                name="used_voucher_says_when_and_by_whom",
                condition=Q(state="used", used_at__isnull=False, used_by__isnull=False)
                | ~Q(state="used") & Q(used_at=None, used_by=None),
            ),
        ]
        indexes = [models.Index(fields=["card", "state", "valid_until"], name="vouchers_of_card")]

    def __str__(self) -> str:
        return self.token

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)


class Stamp(models.Model):
    """Stamps given at one moment, taken back by a row of the opposite sign, or lapsed. Written once."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    stamp_card = models.ForeignKey(StampCard, models.PROTECT, related_name="stamps")
    count = models.SmallIntegerField()
    key = models.UUIDField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    lapsed = models.BooleanField(default=False)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("stamp")
        verbose_name_plural = _("stamps")
        constraints = [
            models.UniqueConstraint(name="stamps_once_per_key", fields=["stamp_card", "key"]),
            models.CheckConstraint(
                name="stamps_are_given_or_taken",
                condition=Q(count__gt=0, reverses=None, lapsed=False)
                | Q(count__lt=0, reverses__isnull=False, lapsed=False)
                | Q(count__lt=0, reverses=None, lapsed=True),
            ),
        ]
        triggers = [append_only("stamps_are_written_once")]

    def __str__(self) -> str:
        return f"{self.count:+d}"
