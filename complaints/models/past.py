"""Cases from before the portal, or from elsewhere: what their files say, for the figures alone.

They are no complaints of ours: nobody filed them here, most name no shop that is listed, nothing is promised
and nobody is told. So they have no person, no states and no clocks, only when they began and ended and what
they were about.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints.models.reason import about
from merchants.models import Merchant
from portal.kernel.db import append_only


class CaseImport(models.Model):
    """One file that was taken in: by whom, which column was what, and what became of its rows."""

    source = models.CharField(_("source"), max_length=40)
    mapping = models.JSONField(_("columns"))
    read = models.PositiveIntegerField(_("read"))
    added = models.PositiveIntegerField(_("added"))
    changed = models.PositiveIntegerField(_("changed"))
    unchanged = models.PositiveIntegerField(_("unchanged"))
    refused = models.PositiveIntegerField(_("refused"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("import of old cases")
        verbose_name_plural = _("imports of old cases")
        triggers = [append_only("case_imports_are_written_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class PastCase(models.Model):
    """One old case; ``category``, ``about`` and ``area`` are the file's own words."""

    merchant = models.ForeignKey(
        Merchant, models.PROTECT, verbose_name=_("merchant"), null=True, blank=True, related_name="past_cases"
    )
    source = models.CharField(_("source"), max_length=40)
    number = models.CharField(_("number"), max_length=40)
    reason = about("other", verbose_name=_("reason"))
    category = models.CharField(_("category"), max_length=80, blank=True)
    about = models.CharField(_("about"), max_length=120, blank=True)
    area = models.CharField(_("area"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40)
    filed_at = models.DateTimeField(_("reported"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("old case")
        verbose_name_plural = _("old cases")
        constraints = [
            models.UniqueConstraint(name="past_case_once_per_source", fields=["source", "number"]),
            models.CheckConstraint(
                name="past_case_ends_after_it_began",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("filed_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "filed_at"], name="past_case_of_merchant"),
            models.Index(fields=["filed_at"], name="past_case_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"
