"""Who of the staff looked at a person's phone and e-mail, and why."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.kernel.db import append_only


class Reveal(models.Model):
    """One look at one person's contacts; written before they are shown, never changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reveals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("look at contacts")
        verbose_name_plural = _("looks at contacts")
        triggers = [append_only("reveal_append_only")]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.person_id}"
