"""Facts waiting to be told: the outbox and one delivery row per subscriber."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """Something that happened, as it was told."""

    title = models.CharField(max_length=80)
    facts = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return self.title


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, moment: datetime) -> Self:
        return self.filter(done_at=None, parked_at=None, due_at__lte=moment).order_by("due_at", "pk")

    def parked(self) -> Self:
        return self.filter(parked_at__isnull=False)


class Delivery(models.Model):
    """One subscriber's copy of an event: due, done, or parked with the reason."""

    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=120)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("event delivery")
        verbose_name_plural = _("event deliveries")
        constraints = [
            models.UniqueConstraint(name="delivery_once_per_subscriber", fields=["event", "subscriber"]),
        ]
        indexes = [
            # read by the worker's sweep every few seconds
            models.Index(
                fields=["due_at", "id"],
                name="delivery_due",
                condition=Q(done_at=None, parked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.subscriber}"
