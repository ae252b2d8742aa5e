"""What care for customers writes down itself; the rest of its pages reads the layers below."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models import FlashDeal
from merchants.models import Customer, Merchant, Shop
from messaging.models import Mailing
from portal.kernel.audit import audited
from portal.kernel.db import append_only
from portal.kernel.models import Job


class PhoneLook(models.Model):
    """Somebody who usually sees only the last digits looked at a customer's whole number. Written once."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="phone_looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("look at a phone number")
        verbose_name_plural = _("looks at phone numbers")
        indexes = [models.Index(fields=["merchant", "-id"], name="phone_look_of_merchant")]
        triggers = [append_only("phone_looks_are_written_once")]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.customer_id}"


class CardGrant(models.Model):
    """Member cards given to chosen customers: by whom, to whom, and how far that has come."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    customers = models.JSONField()  # keys of the chosen, in ascending order
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    given = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("grant of cards")
        verbose_name_plural = _("grants of cards")
        constraints = [models.UniqueConstraint(name="cards_granted_once_per_key", fields=["merchant", "key"])]

    def __str__(self) -> str:
        return str(self.key)


class Audience(models.TextChoices):
    """Whom a flash deal is told."""

    NEAR = "near", _("People who are usually near")
    MEMBERS = "members", _("My members")
    FOLLOWERS = "follow", _("Followers of my shops")
    AWAY = "away", _("Customers not seen for 60 days")


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
    """A flash deal on its way to people: held for half a minute, gone out, or stopped."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    deal = models.OneToOneField(FlashDeal, models.PROTECT, related_name="campaign", db_constraint=False)
    audience = models.CharField(_("whom"), max_length=8, choices=Audience)
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
