"""Files of a case, and who looked at them or at the case and was turned away."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.story import Reply
from portal.kernel.db import append_only


class FileKind(models.TextChoices):
    PICTURE = "picture", _("Picture")
    PDF = "pdf", _("PDF")
    TEXT = "text", _("Text")


class Attachment(models.Model):
    """A picture made anew from its pixels, or a PDF or text as it came. Written once."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="attachments")
    reply = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="attachments")
    kind = models.CharField(max_length=8, choices=FileKind)
    file = models.FileField(upload_to="complaints/")
    code = models.CharField(max_length=20, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        triggers = [append_only("attachments_are_written_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class FileLook(models.Model):
    """Somebody opened a file of a case, or tried to and was turned away. Written once."""

    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="looks", verbose_name=_("attachment")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    was_shown = models.BooleanField(_("shown"))
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("look at a file")
        verbose_name_plural = _("looks at files")
        triggers = [append_only("looks_are_written_once")]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.attachment_id}"


class CaseTry(models.Model):
    """Somebody asked for a case, or for what is made of cases, that isn't theirs, and found nothing there.

    Written once. Without a case where no one case was asked for: an export, a page of another merchant.
    """

    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="tries", verbose_name=_("complaint")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    method = models.CharField(max_length=7, verbose_name=_("method"))
    path = models.CharField(max_length=200, verbose_name=_("address"))
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("try at a case")
        verbose_name_plural = _("tries at cases")
        triggers = [append_only("tries_are_written_once")]

    def __str__(self) -> str:
        return f"{self.by_id}: {self.method} {self.path}"
