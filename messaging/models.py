"""What people are told, and through which channels it went."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import User


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    PUSH = "push", _("Push notification")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class Purpose(models.TextChoices):
    """Why a person is told; the first three are part of a service they asked for."""

    ACCOUNT = "account", _("Account and security")
    MONEY = "money", _("Purchases, cards and money")
    CASE = "case", _("Complaints and answers")
    COUPONS = "coupons", _("My coupons")
    FOLLOWED = "followed", _("Shops I follow")
    DEALS = "deals", _("Deals near me")
    PLATFORM = "platform", _("News of the portal")


TRANSACTIONAL = frozenset({Purpose.ACCOUNT, Purpose.MONEY, Purpose.CASE})


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Message(models.Model):
    """One thing told to one person, once per occurrence, in the person's language."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    occurrence = models.CharField(max_length=120)  # what happened, once: "purchase:812"
    kind = models.CharField(max_length=60)
    purpose = models.CharField(max_length=10, choices=Purpose)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="message_once_per_occurrence",
                fields=["person", "kind", "occurrence"],
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="message_inbox"),
            models.Index(fields=["person"], name="message_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence}"
