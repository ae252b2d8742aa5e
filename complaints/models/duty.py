"""Which cases a member of the desk works on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.reason import about
from consumers.areas import area_at
from portal.kernel.audit import audited


@audited()
class Duty(models.Model):
    """The cases of a region, of a reason with all below it, or of both. Who has none works on all cases."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("colleague"),
        related_name="complaint_duties",
    )
    region = models.CharField(_("region"), max_length=60, blank=True)  # the slug of an area or a district
    reason = about(verbose_name=_("reason, with all below it"), null=True, blank=True)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                name="duty_is_given_once", fields=["user", "region", "reason"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="duty_names_a_region_or_a_reason", condition=~Q(region="") | Q(reason__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.region_name, str(self.reason) if self.reason_id else "")))

    @property
    def region_name(self) -> str:
        area = area_at(self.region)
        return area.name if area else self.region
