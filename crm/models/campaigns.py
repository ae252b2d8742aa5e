"""Flash deals and letters on their way to people."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models import CouponProgramme, FlashDeal
from crm.models.segments import Audience, Segment
from merchants.models import Merchant, Shop
from messaging.models import Channel, Mailing
from portal.kernel.audit import audited


class Words(models.TextChoices):
    """What a letter to customers is about; its text stands in ``crm.letters``."""

    COUPON = "coupon", _("A coupon for them")
    MISS = "miss", _("We would like to see you again")
    THANKS = "thanks", _("Thank you")
    NEWS = "news", _("Something to know, such as other hours")


class AddressedQuerySet(models.QuerySet["Campaign"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def due(self, moment: datetime) -> Self:
        """Held long enough, not stopped and not gone out."""
        return self.filter(released_at=None, stopped_at=None, goes_at__lte=moment)

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited()
class Campaign(models.Model):
    """A flash deal or a letter on its way to people: held for half a minute, gone out, or stopped."""

    NOTE = 120  # characters: two text messages in Chinese with the sender and the way out

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    deal = models.OneToOneField(
        FlashDeal, models.PROTECT, null=True, blank=True, related_name="campaign", db_constraint=False
    )
    words = models.CharField(_("what about"), max_length=6, choices=Words, blank=True, default="")
    programme = models.ForeignKey(
        CouponProgramme, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    note = models.CharField(_("in your own words"), max_length=NOTE, blank=True, default="")
    channels = ArrayField(models.CharField(max_length=5, choices=Channel), default=list, blank=True)
    audience = models.CharField(_("whom"), max_length=8, choices=Audience)
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")  # the distance is measured from it
    within_m = models.PositiveIntegerField(default=2000)
    key = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    goes_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    mailing = models.OneToOneField(Mailing, models.PROTECT, null=True, blank=True, related_name="campaign")
    created_at = models.DateTimeField(db_default=Now())

    objects = AddressedQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.UniqueConstraint(name="campaign_once_per_key", fields=["merchant", "key"]),
            models.CheckConstraint(
                name="campaign_for_a_segment_names_it",
                condition=Q(audience="segment", segment__isnull=False)
                | ~Q(audience="segment") & Q(segment=None),
            ),
            models.CheckConstraint(
                name="campaign_is_a_deal_or_has_words",
                condition=Q(deal__isnull=False, words="", programme=None) | Q(deal=None) & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="letter_about_a_coupon_names_it",
                condition=Q(words="coupon", programme__isnull=False) | ~Q(words="coupon") & Q(programme=None),
            ),
            models.CheckConstraint(
                name="campaign_is_told_when_it_is_released",
                condition=Q(released_at=None, mailing=None)
                | Q(released_at__isnull=False, mailing__isnull=False),
            ),
        ]
        indexes = [
            # the task's look for what has been held long enough
            models.Index(
                fields=["goes_at"], name="campaign_due", condition=Q(released_at=None, stopped_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.token
