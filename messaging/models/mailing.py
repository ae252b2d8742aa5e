"""One thing told to many people on a merchant's behalf, and what became of it."""

from collections import Counter
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from messaging.models.words import Channel, Purpose
from messaging.triggers import mailing_outlives_its_messages


class MailingQuerySet(models.QuerySet["Mailing"]):
    def of(self, merchant_id: int) -> Self:
        return self.filter(merchant_id=merchant_id)

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(no_key=True)


class Mailing(models.Model):
    """Written with its messages in one transaction; stopping it holds back what has not left yet."""

    merchant_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=60)
    occurrence = models.CharField(max_length=120)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    channels = ArrayField(models.CharField(max_length=5, choices=Channel))
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    useless_after = models.DateTimeField(null=True, blank=True)
    chosen = models.PositiveIntegerField(_("people chosen"), default=0)
    hold_seed = models.CharField(max_length=40, blank=True, default="", db_default="")
    hold_percent = models.PositiveSmallIntegerField(_("percent held out"), default=0, db_default=0)
    made_at = models.DateTimeField(_("when"), db_default=Now())
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        constraints = [
            models.UniqueConstraint(
                name="mailing_once_per_occurrence", fields=["merchant_id", "kind", "occurrence"]
            ),
            models.CheckConstraint(
                name="mailing_tells_at_least_half", condition=models.Q(hold_percent__lte=50)
            ),
            models.CheckConstraint(
                name="hold_out_has_a_seed", condition=models.Q(hold_percent=0) | ~models.Q(hold_seed="")
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "-id"], name="mailing_of_merchant")]
        triggers = [mailing_outlives_its_messages()]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence}"

    def outcome(self) -> Counter[tuple[str, str, str]]:
        """How many dispatches are in which state for which reason on which channel."""
        rows = self.messages.values_list("dispatches__channel", "dispatches__state", "dispatches__reason")
        counted = rows.exclude(dispatches=None).annotate(Count("pk")).order_by()
        return Counter({(channel, state, reason): n for channel, state, reason, n in counted})

    def held_out(self) -> int:
        """How many people are not told, to compare with."""
        return self.held.count()

    def last_moved_at(self) -> datetime | None:
        latest: datetime | None = self.messages.aggregate(at=models.Max("dispatches__sent_at"))["at"]
        return latest


class HeldOut(models.Model):
    """Somebody whom a mailing was not to reach, so that its effect can be told. Drawn before it went."""

    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="held", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    drawn_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("person held out of a mailing")
        verbose_name_plural = _("people held out of mailings")
        constraints = [
            models.UniqueConstraint(name="held_out_once_per_mailing", fields=["mailing", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id} – {self.person_id}"
