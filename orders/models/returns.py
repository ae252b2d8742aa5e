"""Goods that came back, of a sale that is known or without its receipt."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models import Card
from merchants.models import Customer, Merchant, Shop
from orders.models.purchases import PurchaseLine
from portal.kernel.audit import audited


class ReturnQuerySet(models.QuerySet["Return"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def taken_since(self, moment: datetime) -> Self:
        return self.filter(made_at__gte=moment).order_by("-made_at", "-pk")

    def in_full(self) -> Self:
        """With everything an activity row shows, in the same query."""
        return self.select_related("shop", "customer", "by")


@audited()
class Return(models.Model):
    """Goods that came back: the money handed out, the points taken back.

    ``line``: of which sale they were; none when its receipt is lost.
    """

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="returns", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="returns")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="returns")
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="returns", db_constraint=False
    )
    line = models.ForeignKey(PurchaseLine, models.PROTECT, null=True, blank=True, related_name="returns")
    amount = models.PositiveIntegerField()  # minor units
    points = models.PositiveIntegerField(default=0)  # taken from the card or owed by it
    key = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=120)
    made_at = models.DateTimeField(db_default=Now())

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("return of goods")
        verbose_name_plural = _("returns of goods")
        constraints = [
            models.UniqueConstraint(name="return_once_per_key", fields=["merchant", "key"]),
            models.CheckConstraint(name="return_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="return_takes_points_from_a_card", condition=Q(points=0) | ~Q(card=None)
            ),
        ]
        indexes = [models.Index(fields=["merchant", "-made_at", "id"], name="return_by_time")]

    def __str__(self) -> str:
        return str(self.amount)
