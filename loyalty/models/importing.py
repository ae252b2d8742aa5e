"""Members brought along from a shop's old list: the import, its rows, and what the list said besides."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.membership import Card
from merchants.models import Merchant
from portal.kernel.audit import audited
from portal.kernel.crypto import EncryptedTextField
from portal.kernel.models import Job

UNDOABLE_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to choose")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")


AT_WORK = (ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING)
BROUGHT_IN = (ImportState.IMPORTING, ImportState.DONE)


class MemberImportQuerySet(models.QuerySet["MemberImport"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant).select_related("by", "confirmed_by", "undone_by", "job")

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)

    def to_forget(self, moment: datetime) -> Self:
        """Imports whose file and rows have served their time."""
        return self.filter(created_at__lt=moment - KEPT_FOR).exclude(content__isnull=True)


@audited(inserts=False, leave_out=["content", "mapping", "levels", "counts", "before", "after"])
class MemberImport(models.Model):
    """One file of members, from its upload to the day it can no longer be taken back."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    key = models.UUIDField()
    name = models.CharField(_("file"), max_length=120)
    digest = models.CharField(max_length=64)  # of the content: the same file isn't brought in twice
    content = EncryptedTextField(null=True, blank=True)  # base64; forgotten after thirty days
    sheet = models.CharField(max_length=80, blank=True)
    header = models.PositiveIntegerField(default=0)  # index of the row that names the columns
    mapping = models.JSONField(default=dict)  # field → index of its column
    region = models.CharField(max_length=2)
    levels = models.JSONField(default=dict)  # name on the list → {"rows", "rank"}; rank None: not understood
    level_until = models.DateField(null=True, blank=True)  # the last day of the levels it gives
    state = models.CharField(max_length=9, choices=ImportState, default=ImportState.UPLOADED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    counts = models.JSONField(default=dict)  # outcome → rows, once it is checked
    before = models.JSONField(default=dict)  # kind of value → what all cards held when it began
    after = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MemberImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of members")
        verbose_name_plural = _("imports of members")
        constraints = [
            models.UniqueConstraint(name="import_once_per_key", fields=["merchant", "key"]),
            # what a row's (merchant, batch) points at, so that it can't stand in another tenant
            models.UniqueConstraint(name="import_of_merchant", fields=["merchant", "id"]),
            models.UniqueConstraint(
                name="same_file_brought_in_once",
                fields=["merchant", "digest"],
                condition=Q(state__in=["importing", "done"]),
            ),
            models.CheckConstraint(
                name="what_was_brought_in_was_confirmed",
                condition=Q(state__in=["uploaded", "checking", "checked"]) | Q(confirmed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["merchant", "-id"], name="import_of_merchant_by_time")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_stuck(self) -> bool:
        """Its work has ended without finishing: stopped by somebody, or broken off."""
        return self.is_at_work and (self.job is None or self.job.is_over)

    def may_be_undone(self, moment: datetime) -> bool:
        return self.state == ImportState.DONE and bool(self.done_at and self.done_at > moment - UNDOABLE_FOR)

    @property
    def document(self) -> str:
        """What its ledger entries belong to."""
        return f"import:{self.pk}"


class Outcome(models.TextChoices):
    NEW = "new", _("New members")
    CHANGE = "change", _("Members who get something")
    KNOWN = "known", _("Members already, nothing to do")
    BAD = "bad", _("Rows to mend")


class RowState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Brought in")
    UNDONE = "undone", _("Taken back")
    KEPT = "kept", _("Kept")


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def to_mend(self) -> Self:
        return self.filter(outcome=Outcome.BAD).order_by("number")

    def to_bring(self) -> Self:
        return self.filter(state=RowState.WAITING, outcome__in=[Outcome.NEW, Outcome.CHANGE])


class ImportRow(models.Model):
    """One row of the file: what it says, what comes of it, and the card it went to."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(
        MemberImport, models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()  # as the spreadsheet counts, from 1
    sealed = EncryptedTextField(null=True, blank=True)  # JSON: the facts, or the cells of a row to mend
    points = models.BigIntegerField(default=0)
    principal = models.BigIntegerField(default=0)  # minor units
    bonus = models.BigIntegerField(default=0)
    rank = models.PositiveSmallIntegerField(default=0)  # of the level it lifts the member to; 0: none
    stood = models.JSONField(null=True, blank=True)  # where the card stood before it was given that level
    outcome = models.CharField(max_length=6, choices=Outcome)
    reasons = models.JSONField(default=list)  # [[code, values], …]
    state = models.CharField(max_length=7, choices=RowState, default=RowState.WAITING)
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="brought_by", db_constraint=False
    )
    made_card = models.BooleanField(default=False)
    kept_because = models.CharField(max_length=12, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["batch", "number"]),
            models.CheckConstraint(
                name="brought_row_has_its_card", condition=Q(state="waiting") | Q(card__isnull=False)
            ),
            models.CheckConstraint(
                name="import_row_brings_nothing_negative",
                condition=Q(points__gte=0, principal__gte=0, bonus__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"

    def worth(self, kind: str) -> int:
        return int(getattr(self, kind))


class BroughtQuerySet(models.QuerySet["Brought"]):
    def numbered(self, merchant: Merchant, number: str) -> Self:
        return self.filter(merchant=merchant, number=number)


class Brought(models.Model):
    """What the old list said of a member besides values: the number on the old card, birthday, level."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.OneToOneField(Card, models.PROTECT, related_name="brought", db_constraint=False)
    number = models.CharField(_("old card number"), max_length=40, blank=True)
    birthday = EncryptedTextField(_("birthday"), null=True, blank=True)  # ISO
    level = models.CharField(_("level on the old list"), max_length=40, blank=True)

    objects = BroughtQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact from an old list")
        verbose_name_plural = _("facts from old lists")
        constraints = [
            models.UniqueConstraint(
                name="old_number_once_per_merchant",
                fields=["merchant", "number"],
                condition=~Q(number=""),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def says(self) -> dict[str, Any]:
        return {"number": self.number, "birthday": self.birthday, "level": self.level}
