"""Where, when and for whom coupons hold: written once, shared by all that were issued under it."""

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant
from portal.kernel.db import append_only


class Audience(models.TextChoices):
    ANYONE = "anyone", _("Anyone")
    LEVELS = "levels", _("Members of some levels")
    SEGMENT = "segment", _("A segment or list")


def numbers() -> ArrayField:
    return ArrayField(models.BigIntegerField(), default=list, blank=True)


class CouponTerms(models.Model):
    """One version of an offer's terms. A coupon points at the version it was issued under, for good:
    the database lets nobody change or remove a row. Empty lists mean no restriction.
    """

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    services = numbers()  # what it takes off from; a chain's service has a number in each outlet
    shops = numbers()
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # Monday is 0
    opens = models.TimeField(_("from what time"), null=True, blank=True)
    closes = models.TimeField(_("until what time"), null=True, blank=True)  # may be past midnight
    days = models.PositiveSmallIntegerField(_("days valid"), null=True, blank=True)  # from the claim's day
    audience = models.CharField(_("for whom"), max_length=8, choices=Audience, default=Audience.ANYONE)
    levels = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # their ranks
    # its key, kept by an app above this one (``coupons.groups``), which puts a wall behind it
    segment = models.BigIntegerField(_("segment"), null=True, blank=True)
    stacks = models.BooleanField(_("together with what the member card gives"), default=True)
    is_transferable = models.BooleanField(_("may be passed on"), default=False)
    has_blackouts = models.BooleanField(default=False)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")  # where its days begin and end

    class Meta:
        verbose_name = _("coupon terms")
        verbose_name_plural = _("coupon terms")
        constraints = [
            models.UniqueConstraint(name="coupon_terms_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="coupon_weekdays_are_of_a_week",
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
            ),
            models.CheckConstraint(
                name="coupon_hours_have_two_ends",
                condition=Q(opens=None, closes=None)
                | Q(opens__isnull=False, closes__isnull=False) & ~Q(opens=F("closes")),
            ),
            models.CheckConstraint(
                name="coupon_valid_for_a_day_to_a_year",
                condition=Q(days=None) | Q(days__gte=1, days__lte=366),
            ),
            models.CheckConstraint(
                name="coupon_names_whom_it_is_for",
                condition=Q(audience="levels", levels__len__gt=0, segment=None)
                | Q(audience="segment", levels__len=0, segment__isnull=False)
                | Q(audience="anyone", levels__len=0, segment=None),
            ),
        ]
        triggers = [append_only("coupon_terms_are_written_once")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class CouponBlackout(models.Model):
    """Days on which coupons of these terms don't hold, the last one included."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    terms = models.ForeignKey(CouponTerms, models.CASCADE, related_name="blackouts", db_constraint=False)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("day without coupons")
        verbose_name_plural = _("days without coupons")
        constraints = [
            models.CheckConstraint(
                name="coupon_blackout_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]
        triggers = [append_only("coupon_blackouts_are_written_once")]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on
