"""What a person agreed to be told, where and when: the ledger, the present choice, the quiet hours."""

from datetime import time
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from messaging.models.words import Channel, Purpose
from portal.kernel.db import append_only
from portal.kernel.models import User


class Source(models.TextChoices):
    """How the person said so."""

    PAGE = "page", _("Notification settings")
    LINK = "link", _("Unsubscribe link")
    MAILBOX = "mailbox", _("Unsubscribe button of the mail program")
    PUSH = "push", _("Notification button")
    REPLY = "reply", _("Answer to a text message")


class ConsentEntry(models.Model):
    """One yes or no: who, to what, in which words, how and when, and what shows it. Never changed.

    With a merchant and without purpose and channel it is about all advertising of that merchant.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents", verbose_name=_("person")
    )
    merchant_id = models.BigIntegerField(_("merchant"), null=True, blank=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, blank=True)
    wanted = models.BooleanField(_("agreed"))
    text_version = models.CharField(_("version of the text"), max_length=20)
    source = models.CharField(_("how"), max_length=7, choices=Source)
    proof = models.CharField(_("what shows it"), max_length=80, blank=True)
    said_at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [
            models.Index(fields=["person", "purpose", "channel", "-id"], name="consent_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="consent_is_about_a_way_or_a_merchant",
                condition=Q(merchant_id=None) & ~Q(purpose="") & ~Q(channel="")
                | Q(merchant_id__isnull=False, purpose="", channel=""),
            ),
        ]
        triggers = [append_only("consent_is_append_only")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose} {self.channel} {self.wanted}"


class ChoiceQuerySet(models.QuerySet["Choice"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)


class Choice(models.Model):
    """What stands now: the last entry of the ledger for one person, purpose and channel."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="choices", db_index=False
    )
    purpose = models.CharField(max_length=10, choices=Purpose)
    channel = models.CharField(max_length=5, choices=Channel)
    wanted = models.BooleanField()

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="choice_once", fields=["person", "purpose", "channel"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose} {self.channel} {self.wanted}"


class Times(models.Model):
    """When a person wants to be left alone; both times equal means never. Without a row: 21:00 to 9:00."""

    QUIET_FROM, QUIET_UNTIL = time(21), time(9)

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="quiet_times"
    )
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}"
