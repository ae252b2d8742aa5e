"""Mail that people send to the complaints mailbox: each one once, with what became of it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint
from complaints.models.story import Reply
from complaints.numbers import in_groups
from portal.kernel.audit import audited
from portal.kernel.crypto import BlindIndexField, EncryptedTextField, blind_indexes
from portal.kernel.db import append_only
from portal.kernel.people import masked_email

LATE = timedelta(minutes=10)  # without a look into the mailbox: somebody should know


class MailState(models.TextChoices):
    ARRIVING = "arriving", _("Being read")
    TO_SORT = "sort", _("To sort")
    FILED = "filed", _("Became a case")
    JOINED = "joined", _("Joined its case")
    SKIPPED = "skipped", _("Skipped")
    DISCARDED = "dropped", _("Discarded")
    PARKED = "parked", _("Couldn’t be read")
    COPY = "copy", _("Was here already")


class MailWhy(models.TextChoices):
    """Why a mail stands where it stands."""

    NEW = "new", _("New mail")
    MORE = "more", _("More to a mail that waits")
    STRANGER = "stranger", _("Answers a case, but not from the person’s address")
    UNPROVED = "unproved", _("The mail server doesn’t vouch for the sender")
    NO_SENDER = "sender", _("Doesn’t say clearly who it is from")
    REFUSED = "refused", _("The case didn’t take it")
    EMPTY = "empty", _("There is nothing in it")
    LARGE = "large", _("Too large; only its head was read")
    AUTOMATIC = "auto", _("An automatic answer")
    BULK = "bulk", _("List or bulk mail")
    BOUNCE = "bounce", _("Report of mail that couldn’t be delivered")
    OWN = "own", _("Our own mail")
    FLOOD = "flood", _("Too much from one sender")
    UNREADABLE = "broken", _("It can’t be read")
    BROKE_OFF = "off", _("Reading it broke off several times")


class Mailbox(models.Model):
    """The one mailbox: when it was last read, what is wrong with it, and which worker reads it now."""

    tried_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [models.CheckConstraint(name="mailbox_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.fetched_at or '–'}"

    def is_late(self, moment: datetime) -> bool:
        return self.fetched_at is None or moment - self.fetched_at > LATE


class MailQuerySet(models.QuerySet["Mail"]):
    def to_sort(self) -> Self:
        return self.filter(state=MailState.TO_SORT)

    def waiting(self) -> Self:
        """What somebody has to look at."""
        return self.filter(state__in=(MailState.TO_SORT, MailState.PARKED))

    def sent_by(self, address: str) -> Self:
        return self.filter(sender_index__in=blind_indexes(address))

    def settled_before(self, moment: datetime) -> Self:
        return self.filter(settled_at__lt=moment)

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited(inserts=False, leave_out=["raw", "said", "text", "subject", "sender", "sender_index", "sender_name"])
class Mail(models.Model):
    """One mail: the bytes as they came for a while, what it says, and what became of it.

    A mail that waits has the number and the token that its case will have, so that the person knows
    the number at once and the link of the first answer goes on to lead there.
    """

    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    size = models.BigIntegerField(_("bytes"))
    digest = models.BinaryField(max_length=32, null=True, unique=True)  # of what the sender wrote
    state = models.CharField(_("state"), max_length=8, choices=MailState, default=MailState.ARRIVING)
    why = models.CharField(_("why"), max_length=8, choices=MailWhy, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=10, unique=True, null=True, blank=True)
    token = models.CharField(max_length=20, unique=True)
    sender = EncryptedTextField(pgettext_lazy("mail", "from"), blank=True, default="")
    sender_index = BlindIndexField(of="sender")
    sender_name = EncryptedTextField(_("name"), blank=True, default="")
    message_id = models.CharField(max_length=252, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    said = models.TextField(_("what is new in it"), blank=True)
    text = models.TextField(_("the whole text"), blank=True)
    files = models.JSONField(_("files"), default=list, blank=True)  # name, bytes, kind; "": isn't kept
    language = models.CharField(max_length=10, blank=True)
    is_hushed = models.BooleanField(default=False)  # asks for no answer by a machine
    raw = models.FileField(upload_to="mail/", blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, blank=True, related_name="mails")
    reply = models.OneToOneField(Reply, models.PROTECT, null=True, blank=True, related_name="mail")
    tries = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(_("received"), db_default=Now())
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    settled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        constraints = [
            models.UniqueConstraint(name="mail_once_per_uid", fields=["uid_validity", "uid"]),
            models.CheckConstraint(
                name="mail_that_went_into_a_case_names_it",
                condition=~Q(state__in=("filed", "joined")) | Q(complaint__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_is_discarded_by_somebody_with_a_reason",
                condition=~Q(state="dropped") | Q(settled_by__isnull=False, detail__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="mail_is_dealt_with_or_waits",
                condition=Q(state__in=("arriving", "sort", "parked"), settled_at=None)
                | ~Q(state__in=("arriving", "sort", "parked")) & Q(settled_at__isnull=False),
            ),
        ]
        indexes = [
            # the queue of mail to sort
            models.Index(
                fields=["received_at", "id"], name="mail_queue", condition=Q(state__in=("sort", "parked"))
            ),
        ]

    def __str__(self) -> str:
        return in_groups(self.number) if self.number else f"{self.uid}"

    @property
    def waits(self) -> bool:
        return self.state in (MailState.TO_SORT, MailState.PARKED)

    def says_who(self) -> str:
        """Name and address, the address masked."""
        return f"{self.sender_name} {masked_email(self.sender)}".strip() or "–"


class MailLook(models.Model):
    """Somebody of the staff opened a file of a mail, or the mail as it came. Written once."""

    mail = models.ForeignKey(Mail, models.PROTECT, related_name="looks")
    what = models.CharField(_("what"), max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    was_shown = models.BooleanField(_("shown"))
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("look at a mail")
        verbose_name_plural = _("looks at mail")
        triggers = [append_only("mail_looks_are_written_once")]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.mail_id}"
