"""Who took the list of members away as a file."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant
from portal.kernel.db import append_only


class MemberExport(models.Model):
    """One export of a merchant's members. Written once."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked = models.CharField(max_length=200, blank=True)  # the filters, as the query string said them
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("export of members")
        verbose_name_plural = _("exports of members")
        indexes = [models.Index(fields=["merchant", "-id"], name="member_export_of_merchant")]
        triggers = [append_only("member_exports_are_written_once")]

    def __str__(self) -> str:
        return str(self.at)
