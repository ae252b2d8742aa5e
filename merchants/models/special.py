"""Dates on which a shop's week doesn't hold: holidays, fairs, the day of the stocktaking."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merchants.models.shop import Shop
from merchants.wording import in_language
from portal.kernel.audit import audited


class DayKind(models.TextChoices):
    CLOSED = "closed", pgettext_lazy("hours", "Closed")
    HOURS = "hours", _("Other hours")
    USUAL = "usual", _("As usual")


class SpecialDayQuerySet(models.QuerySet["SpecialDay"]):
    def of(self, shop: Shop) -> Self:
        return self.filter(shop=shop).order_by("on")


@audited()
class SpecialDay(models.Model):
    """One date with hours of its own, or the word that a holiday is a day like any other."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="special_days", db_index=False)
    on = models.DateField(_("date"))
    kind = models.CharField(_("open?"), max_length=6, choices=DayKind)
    hours = models.CharField(_("hours"), max_length=60, blank=True)  # "10:00-14:00,17:00-02:00"
    label = models.CharField(_("name of the day"), max_length=40, blank=True)
    label_en = models.CharField(_("English name"), max_length=60, blank=True)

    objects = SpecialDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [
            models.UniqueConstraint(name="special_day_once_per_shop", fields=["shop", "on"]),
            models.CheckConstraint(
                name="special_day_with_hours_has_some",
                condition=(Q(kind="hours") & ~Q(hours="")) | (~Q(kind="hours") & Q(hours="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"

    @property
    def name(self) -> str:
        return in_language(self.label, self.label_en)

    @property
    def hours_shown(self) -> str:
        """The hours as people read them: ``10:00–14:00, 17:00–02:00``."""
        return self.hours.replace("-", "–").replace(",", ", ")
