"""Some of a merchant's customers under a name, and who belonged to them from when until when."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models import Customer, Merchant
from portal.kernel.audit import audited


class Audience(models.TextChoices):
    """Whom a flash deal is told."""

    NEAR = "near", _("People who are usually near")
    MEMBERS = "members", _("My members")
    FOLLOWERS = "follow", _("Followers of my shops")
    AWAY = "away", _("Customers not seen for 60 days")
    SEGMENT = "segment", _("A segment or list")


class SegmentQuerySet(models.QuerySet["Segment"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def in_use(self) -> Self:
        return self.filter(put_away_at=None)

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited()
class Segment(models.Model):
    """Some of a merchant's customers under a name: all whom rules fit, or a list of chosen ones."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="segments", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=30)
    is_list = models.BooleanField(_("chosen by hand"), default=False)
    rules = models.JSONField(default=dict)  # ``crm.rules.Rules.stored``
    key = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    put_away_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints = [
            # what a membership's and a campaign's (merchant, segment) point at
            models.UniqueConstraint(name="segment_of_merchant", fields=["merchant", "id"]),
            models.UniqueConstraint(name="segment_once_per_key", fields=["merchant", "key"]),
            models.UniqueConstraint(
                name="segment_name_once_in_use", fields=["merchant", "name"], condition=Q(put_away_at=None)
            ),
            models.CheckConstraint(
                name="segment_has_rules_or_is_a_list",
                condition=Q(is_list=True, rules={}) | Q(is_list=False) & ~Q(rules={}),
            ),
        ]
        # A coupon that is for a segment keeps meaning the same people: other rules are another segment.
        triggers = [
            pgtrigger.ReadOnly(name="segment_means_the_same", fields=["merchant", "is_list", "rules"])
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a customer was in a segment, from when until when. Ended, never removed."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    segment = models.ForeignKey(
        Segment, models.PROTECT, related_name="memberships", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="memberships", db_constraint=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("membership of a segment")
        verbose_name_plural = _("memberships of segments")
        constraints = [
            models.UniqueConstraint(
                name="in_a_segment_once", fields=["segment", "customer"], condition=Q(until=None)
            ),
            models.CheckConstraint(
                name="segment_left_after_it_was_joined",
                condition=Q(until=None) | Q(until__gte=models.F("since")),
            ),
        ]
        # who came and went lately
        indexes = [models.Index(fields=["segment", "since"], name="membership_by_date")]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.customer_id}"
