"""What people are told, and what became of it on every way to them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from messaging.models.mailing import Mailing
from messaging.models.words import Channel, Purpose
from messaging.triggers import messages_have_their_mailing
from portal.kernel.crypto import EncryptedTextField
from portal.kernel.models import User


class Priority(models.IntegerChoices):
    """Which queue a message waits in: somebody looks at the screen, somebody expects it, anybody."""

    URGENT = 0, _("Urgent")
    DEFAULT = 1, _("Default")
    BULK = 2, _("Bulk")


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    CLAIMED = "claimed", _("About to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent")
    UNSURE = "unsure", _("Broken off, not repeated")
    PARKED = "parked", _("Waiting for staff")


class Reason(models.TextChoices):
    """Why something was not sent, or not yet."""

    NONE = "", ""
    NO_CONSENT = "consent", _("The person did not agree to this")
    NO_ADDRESS = "address", _("No address for this channel")
    QUIET_HOURS = "quiet", _("Quiet hours")
    TOO_LATE = "late", _("Useless by now")
    NO_ACCOUNT = "account", _("The account is closed")
    MUTED = "muted", _("The person does not want to hear from this shop")
    CAPPED = "cap", _("The person has had enough messages for now")
    STOPPED = "stopped", _("The sender stopped it")
    NOT_SET_UP = "setup", _("The channel is not set up")
    BROKEN_OFF = "broken", _("Broken off while sending; advertising is never repeated")


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def in_inbox(self) -> Self:
        return self.filter(in_inbox=True)

    def unread(self) -> Self:
        return self.filter(in_inbox=True, read_at=None)


class Message(models.Model):
    """One thing told to one person, once per occurrence, in the person's language.

    ``sealed`` holds what only the sending needs (an address without an account, a sign-in code);
    it is emptied as soon as the message is sent.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,  # message_once_per_occurrence begins with it
    )
    # On whose behalf; a number only, for merchants stand above this app.
    merchant_id = models.BigIntegerField(null=True, blank=True)
    mailing = models.ForeignKey(
        Mailing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,
        db_constraint=False,  # message_has_its_mailing, once per statement
    )
    occurrence = models.CharField(max_length=120)  # what happened, once: "purchase:812"
    kind = models.CharField(max_length=60)
    purpose = models.CharField(max_length=10, choices=Purpose)
    params = models.JSONField(default=dict)
    sealed = EncryptedTextField(null=True, blank=True, default=None)
    url = models.CharField(max_length=300, blank=True)
    in_inbox = models.BooleanField(default=True)
    useless_after = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                name="message_once_per_occurrence",
                fields=["person", "kind", "occurrence"],
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="message_inbox", condition=Q(in_inbox=True)),
            # read by the number beside "Inbox"
            models.Index(fields=["person"], name="message_unread", condition=Q(in_inbox=True, read_at=None)),
            # what became of a mailing, for its sender
            models.Index(fields=["mailing"], name="message_of_mailing", condition=Q(mailing__isnull=False)),
        ]
        triggers = messages_have_their_mailing()

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence}"


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def due(self, moment: datetime, priority: int) -> Self:
        """Waiting rows of one queue whose time has come, oldest first."""
        return self.filter(state=State.QUEUED, priority=priority, due_at__lte=moment).order_by("due_at", "pk")

    def abandoned(self, moment: datetime) -> Self:
        """Held by a worker that has not been heard of since its lease ended."""
        return self.filter(state__in=(State.CLAIMED, State.SENDING), lease_until__lt=moment)

    def parked(self) -> Self:
        return self.filter(state__in=(State.PARKED, State.UNSURE))


class Dispatch(models.Model):
    """One message on one way to the person: waiting, on its way, sent, or not sent and why.

    ``token`` names the sending, not the attempt: it is the push service's Topic, the e-mail's
    Message-ID and the SMS provider's idempotency id. ``reached`` lists the devices that have it.
    Nobody looks a row up by it, and 122 random bits don't meet, so it has no index.
    """

    token = models.UUIDField(db_default=RandomUUID(), editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="dispatches", db_index=False)
    channel = models.CharField(max_length=5, choices=Channel)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.DEFAULT)
    at_most_once = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED, db_default=State.QUEUED)
    reason = models.CharField(max_length=7, choices=Reason, blank=True, default="", db_default="")
    due_at = models.DateTimeField(db_default=Now())
    claim = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=300, blank=True, default="", db_default="")
    reached = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        constraints = [
            models.UniqueConstraint(name="dispatch_once_per_channel", fields=["message", "channel"]),
            models.CheckConstraint(
                name="dispatch_held_by_a_claim",
                condition=~Q(state__in=("claimed", "sending"))
                | Q(claim__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="dispatch_sent_has_a_time",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dispatch_not_sent_has_a_reason",
                condition=~Q(state="skipped") | ~Q(reason=""),
            ),
        ]
        indexes = [
            # the worker's claim, queue by queue
            models.Index(
                fields=["priority", "due_at", "id"], name="dispatch_due", condition=Q(state="queued")
            ),
            # the worker's look for rows whose holder died
            models.Index(
                fields=["lease_until"],
                name="dispatch_held",
                condition=Q(state__in=("claimed", "sending")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"
