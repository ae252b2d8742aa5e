"""Reports of misconduct: tables of their own, so that no list, count or search of complaints meets them.

Nothing of them goes into the audit tables or the admin's log either: who handles such reports leaves
replies, notes and looks here.
"""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints.numbers import in_groups
from merchants.models import Shop
from portal.kernel.db import append_only
from portal.kernel.models import User


class Conduct(models.TextChoices):
    HARASSMENT = "harass", _("Harassment or threats")
    DISCRIMINATION = "discrim", _("Discrimination")
    FRAUD = "fraud", _("Fraud or theft")
    PRIVACY = "privacy", _("My personal data were misused")
    PORTAL = "portal", _("Somebody who works for Street Corner")


class MisconductQuerySet(models.QuerySet["MisconductReport"]):
    def filed_by(self, user: User) -> Self:
        return self.filter(person=user)

    def filed_since(self, moment: datetime) -> Self:
        return self.filter(filed_at__gte=moment)


class MisconductReport(models.Model):
    """Somebody did wrong on purpose. Read by the person and by those with the one right, nobody else."""

    number = models.CharField(_("number"), max_length=10, unique=True)
    token = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True, related_name="+")
    conduct = models.CharField(_("conduct"), max_length=8, choices=Conduct)
    said = models.TextField(_("what happened"))
    key = models.UUIDField()
    filed_at = models.DateTimeField(_("reported at"), db_default=Now())
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = MisconductQuerySet.as_manager()

    class Meta:
        verbose_name = _("misconduct report")
        verbose_name_plural = _("misconduct reports")
        default_permissions = ()
        permissions = [("handle_misconduct", _("Can read and answer misconduct reports"))]
        constraints = [
            models.UniqueConstraint(name="misconduct_once_per_key", fields=["person", "key"]),
            models.CheckConstraint(
                name="misconduct_closes_after_it_was_reported",
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("filed_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.number_in_groups

    @property
    def number_in_groups(self) -> str:
        return in_groups(self.number)


class MisconductReply(models.Model):
    """What the person and those who handle the report say to each other. Written once."""

    report = models.ForeignKey(MisconductReport, models.PROTECT, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_staff = models.BooleanField()
    closes = models.BooleanField(default=False)
    said = models.TextField()
    key = models.UUIDField(unique=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        default_permissions = ()
        triggers = [append_only("misconduct_replies_are_written_once")]

    def __str__(self) -> str:
        return self.said[:40]


class MisconductNote(models.Model):
    """What those who handle the report say among themselves. Written once."""

    report = models.ForeignKey(MisconductReport, models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said = models.TextField()
    key = models.UUIDField(unique=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        default_permissions = ()
        triggers = [append_only("misconduct_notes_are_written_once")]

    def __str__(self) -> str:
        return self.said[:40]


class MisconductLook(models.Model):
    """Somebody of the staff opened a report, or tried to and was turned away. Written once."""

    report = models.ForeignKey(MisconductReport, models.PROTECT, related_name="looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    was_shown = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("look at a misconduct report")
        verbose_name_plural = _("looks at misconduct reports")
        default_permissions = ()
        triggers = [append_only("misconduct_looks_are_written_once")]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.report_id}"
