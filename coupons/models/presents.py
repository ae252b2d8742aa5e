"""A coupon on its way from one person to another."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models.coupons import Coupon
from merchants.models import Merchant


class PresentQuerySet(models.QuerySet["Present"]):
    def open(self) -> Self:
        return self.filter(taken_at=None, withdrawn_at=None)


class Present(models.Model):
    """Its holder gives a coupon away by an unguessable link; until it is taken the coupon is reserved."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    coupon = models.ForeignKey(Coupon, models.CASCADE, related_name="presents", db_constraint=False)
    token = models.CharField(max_length=16, unique=True)
    key = models.UUIDField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # taken back, or nobody took it in time

    objects = PresentQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon passed on")
        verbose_name_plural = _("coupons passed on")
        constraints = [
            models.UniqueConstraint(name="present_once_per_key", fields=["coupon", "key"]),
            models.UniqueConstraint(
                name="coupon_given_to_one_at_a_time",
                fields=["coupon"],
                condition=Q(taken_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="present_taken_by_somebody_or_back",
                condition=Q(taken_at=None, taken_by=None)
                | Q(taken_at__isnull=False, taken_by__isnull=False, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.token

    def is_open_at(self, moment: datetime) -> bool:
        return self.taken_at is None and self.withdrawn_at is None and moment < self.until
