"""Value that is promised but not yet spent: an approval on its way to the till, a basket being paid."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.ledger import Account, Entry
from merchants.models import Merchant


class HoldQuerySet(models.QuerySet["Hold"]):
    def live_at(self, moment: datetime) -> Self:
        """Neither taken nor released, and not past its time: judged by date, nothing has to run."""
        return self.filter(captured_by=None, released_at=None, expires_at__gt=moment)


class Hold(models.Model):
    """Keeps a part of an account from other spends until it is captured, released or past its time."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="holds", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    key = models.UUIDField()
    document = models.CharField(max_length=40, blank=True)
    expires_at = models.DateTimeField()
    captured_by = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="hold")
    released_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(name="hold_once_per_key", fields=["account", "key"]),
            models.CheckConstraint(name="hold_keeps_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="hold_is_captured_or_released", condition=Q(captured_by=None) | Q(released_at=None)
            ),
        ]
        indexes = [
            # summed under the lock of the account by every debit
            models.Index(
                fields=["account"], name="hold_alive", condition=Q(captured_by=None, released_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.amount)
