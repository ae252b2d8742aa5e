"""How often people are spoken to: each message let through, who is muted, which addresses are dead."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from messaging.models.message import Dispatch
from messaging.models.words import Channel, Purpose


class ContactQuerySet(models.QuerySet["Contact"]):
    def since(self, moment: datetime) -> Self:
        return self.filter(at__gt=moment)


class Contact(models.Model):
    """One message that was let through to a person on one way: what the caps count."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="contacts", db_index=False
    )
    merchant_id = models.BigIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    channel = models.CharField(max_length=5, choices=Channel)
    dispatch = models.OneToOneField(Dispatch, models.CASCADE, related_name="contact")
    message_id = models.BigIntegerField()  # one message on two ways disturbs once
    at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        # what the caps count: one person's last days
        indexes = [models.Index(fields=["person", "at"], name="contact_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose} {self.channel}"


class MuteQuerySet(models.QuerySet["Mute"]):
    def of(self, person_id: int) -> Self:
        return self.filter(person=person_id)


class Mute(models.Model):
    """A person wants no advertising of one merchant, whatever else they agreed to."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes", db_index=False)
    merchant_id = models.BigIntegerField()
    since = models.DateTimeField(db_default=Now())

    objects = MuteQuerySet.as_manager()

    class Meta:
        verbose_name = _("muted merchant")
        verbose_name_plural = _("muted merchants")
        constraints = [models.UniqueConstraint(name="muted_once", fields=["person", "merchant_id"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.merchant_id}"


class DeadAddress(models.Model):
    """An e-mail address or phone number that the other end says does not exist; only its keyed digest."""

    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    digest = models.BinaryField(max_length=32)
    detail = models.CharField(_("what the other end said"), max_length=300, blank=True)
    since = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("dead address")
        verbose_name_plural = _("dead addresses")
        constraints = [models.UniqueConstraint(name="dead_address_once", fields=["channel", "digest"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.since:%Y-%m-%d}"


class Pace(models.Model):
    """How many messages the provider of a channel takes now: a bucket that fills as time passes."""

    channel = models.CharField(max_length=5, choices=Channel, primary_key=True)
    left = models.FloatField(default=0)
    filled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="pace_never_below_nothing", condition=models.Q(left__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.left:.1f}"
