"""A file of old cases on its way: uploaded, its columns chosen, tried, and taken in by a job."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import Job


class CaseFile(models.Model):
    """``columns``: our field → heading of the file; ``reasons``: word of the file → code of a reason."""

    token = models.CharField(max_length=16, unique=True)
    name = models.CharField(_("file"), max_length=120)
    content = models.BinaryField()
    source = models.CharField(_("source"), max_length=40)
    zone = models.CharField(_("time zone"), max_length=40)
    columns = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    key = models.UUIDField(unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("file of old cases")
        verbose_name_plural = _("files of old cases")

    def __str__(self) -> str:
        return self.name
