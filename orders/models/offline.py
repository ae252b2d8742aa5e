"""Coupons taken at a till without a network: what a merchant allows, and what arrived of it afterwards."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coupons.models import Coupon
from merchants.models import Merchant, Shop
from orders.models.purchases import Purchase
from portal.kernel.audit import audited


@audited()
class OfflineRule(models.Model):
    """How far a till may trust a coupon it cannot ask about. Without a row, not at all."""

    merchant = models.OneToOneField(Merchant, models.PROTECT, related_name="offline_rule")
    is_on = models.BooleanField(default=True)
    most_waiting = models.PositiveSmallIntegerField(default=10)  # on one till
    most_off = models.PositiveIntegerField(default=5000)  # by one coupon, in minor units
    hours = models.PositiveSmallIntegerField(default=4)  # since the till last had a network

    class Meta:
        verbose_name = _("rule for tills without a network")
        verbose_name_plural = _("rules for tills without a network")
        constraints = [
            models.CheckConstraint(
                name="offline_rule_in_bounds",
                condition=Q(most_waiting__range=(1, 50)) & Q(most_off__gt=0) & Q(hours__range=(1, 24)),
            )
        ]

    def __str__(self) -> str:
        return str(self.merchant_id)

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.hours)


class OfflineState(models.TextChoices):
    SETTLED = "settled", _("settled")
    CONFLICT = "conflict", _("to be looked at")
    COUNTED = "counted", _("counted without the coupon")
    SET_ASIDE = "set_aside", _("set aside")


class OfflineUseQuerySet(models.QuerySet["OfflineUse"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def to_be_looked_at(self) -> Self:
        return self.filter(state=OfflineState.CONFLICT)

    def in_full(self) -> Self:
        return self.select_related("shop", "by", "coupon", "sale", "decided_by").order_by("-used_at", "-pk")

    def kept_since(self, moment: datetime, *, grant: str) -> Self:
        """What one till kept since it last had a network."""
        return self.filter(grant=grant, used_at__gte=moment)

    def lost(self) -> int:
        """Given away for coupons that were good for nothing, in minor units."""
        found = self.filter(state=OfflineState.COUNTED).aggregate(sum=Sum("given"))
        return int(found["sum"] or 0)


@audited(inserts=False)
class OfflineUse(models.Model):
    """One coupon that a till took on trust: ``given`` off a bill, by the till's clock at ``used_at``.

    It arrives once (``nonce``), becomes a sale, or waits for a manager with the reason why it could not.
    """

    State = OfflineState

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nonce = models.UUIDField()
    grant = models.CharField(max_length=32)  # digest of what the till was handed with its key
    code = models.CharField(max_length=200)  # as it was scanned
    coupon = models.ForeignKey(
        Coupon, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    bill = models.PositiveIntegerField()  # minor units, as is what was given
    given = models.PositiveIntegerField()
    used_at = models.DateTimeField()
    arrived_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=OfflineState.choices)
    reasons = models.JSONField(default=dict, blank=True)  # {language: sentence}
    sale = models.OneToOneField(Purchase, models.PROTECT, null=True, blank=True, related_name="kept_as")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = OfflineUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon taken without a network")
        verbose_name_plural = _("coupons taken without a network")
        constraints = [
            models.UniqueConstraint(name="offline_use_arrives_once", fields=["merchant", "nonce"]),
            models.CheckConstraint(
                name="offline_use_gives_within_its_bill", condition=Q(given__gt=0, given__lte=F("bill"))
            ),
            models.CheckConstraint(
                name="offline_use_counted_has_its_sale",
                condition=Q(state__in=["settled", "counted"], sale__isnull=False)
                | Q(state="counted", sale=None, given=F("bill"))  # nothing was paid
                | Q(state__in=["conflict", "set_aside"], sale=None),
            ),
            models.CheckConstraint(
                name="offline_use_is_decided_by_somebody",
                condition=Q(state__in=["settled", "conflict"], decided_by=None)
                | Q(state__in=["counted", "set_aside"], decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "-used_at"],
                name="offline_use_to_be_looked_at",
                condition=Q(state="conflict"),
            ),
            models.Index(fields=["grant", "used_at"], name="offline_use_by_till"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def paid(self) -> int:
        return self.bill - self.given

    @property
    def reason(self) -> str:
        return str(self.reasons.get(get_language(), ""))
