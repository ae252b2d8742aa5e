"""What a programme's points are earned by and what they buy: from now on, never backwards."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loyalty.models.membership import Programme
from merchants.models import Merchant
from portal.kernel.audit import audited


class Basis(models.TextChoices):
    AMOUNT = "amount", _("For what is paid")
    VISIT = "visit", _("For each visit")
    ITEM = "item", _("For each item")


class Rounding(models.TextChoices):
    HALF_UP = "half_up", _("Half a point counts as one")
    DOWN = "down", _("Parts of a point are dropped")
    UP = "up", _("Parts of a point count as one")


def usual_week() -> list[int]:
    return [100] * 7


@audited()
class EarningRule(models.Model):
    """How points are earned. Without one: the programme's points per yuan paid, half a point counts as one.

    The rate per amount is the programme's own ``points_per_unit``, here for every ``every`` yuan.
    """

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.OneToOneField(Programme, models.CASCADE, related_name="earning_rule")
    basis = models.CharField(_("points are given"), max_length=6, choices=Basis, default=Basis.AMOUNT)
    every = models.PositiveSmallIntegerField(_("for every (yuan)"), default=1)
    each = models.PositiveSmallIntegerField(_("points for each visit or item"), default=10)
    rounding = models.CharField(_("rounding"), max_length=7, choices=Rounding, default=Rounding.HALF_UP)
    excluded = ArrayField(models.BigIntegerField(), default=list, blank=True)  # services that earn nothing
    waits = models.PositiveSmallIntegerField(_("points of a sale can be used after (days)"), default=0)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=usual_week)  # percent, Monday first

    class Meta:
        verbose_name = _("earning rule")
        verbose_name_plural = _("earning rules")
        constraints = [
            models.CheckConstraint(
                name="points_are_earned_for_something", condition=Q(every__gte=1, each__gte=1)
            ),
            models.CheckConstraint(name="points_wait_no_longer_than_ninety_days", condition=Q(waits__lte=90)),
            models.CheckConstraint(name="week_has_seven_days", condition=Q(weekdays__len=7)),
        ]

    def __str__(self) -> str:
        return self.get_basis_display()


@audited()
class SpendingRule(models.Model):
    """What points are worth at the counter: so many for so much money, up to a share of the bill."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.OneToOneField(Programme, models.CASCADE, related_name="spending_rule")
    points = models.PositiveIntegerField(_("so many points"), default=100)
    worth = models.PositiveIntegerField(_("are worth"), default=100)  # minor units
    minimum = models.PositiveIntegerField(_("from how many points"), default=100)
    share = models.PositiveSmallIntegerField(_("up to this share of a bill"), default=50)  # percent
    is_on = models.BooleanField(_("points pay at the counter"), default=True)

    class Meta:
        verbose_name = _("spending rule")
        verbose_name_plural = _("spending rules")
        constraints = [
            models.CheckConstraint(
                name="points_are_worth_something",
                condition=Q(points__gte=1, worth__gte=1, share__gte=1, share__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} = {self.worth}"


class CampaignQuerySet(models.QuerySet["PointsCampaign"]):
    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme, stopped_at=None).order_by("-ends_on", "pk")

    def not_over(self, day: date) -> Self:
        return self.filter(ends_on__gte=day)


@audited(inserts=False)
class PointsCampaign(models.Model):
    """Some days on which points count more. Of several on one day the most generous counts."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="points_campaigns", db_index=False)
    name = models.CharField(_("name"), max_length=30)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    multiplier = models.PositiveSmallIntegerField(_("points"), default=200)  # percent
    key = models.UUIDField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("points campaign")
        verbose_name_plural = _("points campaigns")
        constraints = [
            models.UniqueConstraint(name="points_campaign_once_per_key", fields=["programme", "key"]),
            models.CheckConstraint(
                name="points_campaign_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="points_campaign_gives_more", condition=Q(multiplier__gt=100, multiplier__lte=1000)
            ),
        ]
        indexes = [
            # read with every card that is shown at a counter
            models.Index(
                fields=["programme", "ends_on"], name="points_campaign_running", condition=Q(stopped_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name
