"""The coupons that people hold, and the uses made of them."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models.programmes import CouponKind, CouponProgramme
from merchants.models import Customer, Merchant, Shop
from portal.kernel.audit import audited
from portal.kernel.models import User


class CouponState(models.TextChoices):
    CLAIMED = "claimed", _("Claimed")
    REDEEMED = "redeemed", _("Used")
    REVOKED = "revoked", _("Cancelled by shop")


class CouponQuerySet(models.QuerySet["Coupon"]):
    def held_by(self, user: User) -> Self:
        return self.filter(customer__user=user).select_related("programme__merchant")

    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def usable_at(self, moment: datetime) -> Self:
        return self.filter(state=CouponState.CLAIMED, valid_from__lte=moment, valid_until__gt=moment)

    def locked(self) -> Self:
        """Hold the coupons and their programmes, the programme first, until the transaction ends."""
        rows = self.select_related("programme__merchant", "customer").order_by("pk")
        return rows.select_for_update(of=("programme", "self"), no_key=True)


@audited(inserts=False)
class Coupon(models.Model):
    """One claimed coupon, with the terms as they stood when it was claimed."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="coupons", db_index=False)
    programme = models.ForeignKey(
        CouponProgramme, models.PROTECT, related_name="coupons", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="coupons")
    ordinal = models.PositiveSmallIntegerField(default=1)  # the person's first, second … of the programme
    token = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=8, choices=CouponState, default=CouponState.CLAIMED)
    title = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=CouponKind)
    amount_off = models.PositiveIntegerField(null=True, blank=True)
    percent_off = models.PositiveSmallIntegerField(null=True, blank=True)
    most_off = models.PositiveIntegerField(null=True, blank=True)
    minimum = models.PositiveIntegerField(default=0)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    key = models.UUIDField()
    claimed_at = models.DateTimeField(db_default=Now())

    outcome: str  # what ``coupons_claim`` answers beside the row

    objects = CouponQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.UniqueConstraint(
                name="coupon_once_per_person_and_turn",
                fields=["programme", "customer", "ordinal"],
            ),
            models.UniqueConstraint(name="coupon_once_per_claim", fields=["customer", "key"]),
            models.UniqueConstraint(name="coupon_of_merchant", fields=["merchant", "id"]),
        ]

    def __str__(self) -> str:
        return self.title

    def stage_at(self, moment: datetime) -> str:
        """How its holder meets it: usable, upcoming, used, expired or cancelled."""
        if self.state == CouponState.REDEEMED:
            return "used"
        if self.state == CouponState.REVOKED:
            return "cancelled"
        if moment >= self.valid_until:
            return "expired"
        return "usable" if moment >= self.valid_from else "upcoming"

    @property
    def last_moment(self) -> datetime:
        return self.valid_until - timedelta(seconds=1)


class Redemption(models.Model):
    """One coupon used once. An undone redemption stays, marked; at most one of a coupon stands."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="redemptions", db_constraint=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    bill = models.PositiveIntegerField()  # minor units, before the discount
    discount = models.PositiveIntegerField()
    key = models.UUIDField(unique=True)
    redeemed_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="coupon_redeemed_once",
                fields=["coupon"],
                condition=Q(undone_at=None),
            ),
            models.CheckConstraint(name="discount_within_bill", condition=Q(discount__lte=F("bill"))),
        ]
        indexes = [models.Index(fields=["merchant", "-id"], name="redemption_of_merchant")]

    def __str__(self) -> str:
        return f"{self.coupon_id} −{self.discount}"
