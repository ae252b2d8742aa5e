"""Visits that somebody will be asked about."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from merchants.models import Shop
from orders.models import Purchase


class AskQuerySet(models.QuerySet["Ask"]):
    def due(self, moment: datetime) -> Self:
        return self.filter(ask_at__lte=moment).order_by("ask_at", "purchase_id")


class Ask(models.Model):
    """ "How was it?", to be asked some hours after a purchase; gone once it was asked or has become idle."""

    purchase = models.OneToOneField(Purchase, models.CASCADE, primary_key=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False)
    ask_at = models.DateTimeField()

    objects = AskQuerySet.as_manager()

    class Meta:
        indexes = [
            # the worker's look for what is due
            models.Index(fields=["ask_at"], name="ask_due"),
        ]

    def __str__(self) -> str:
        return str(self.purchase_id)
