"""An owner's claim to a listing that came from open data."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant
from merchants.models.shop import Shop
from portal.kernel.audit import audited


class ClaimState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OVERTURNED = "overturned", _("Given to somebody else later")


OVERDUE_AFTER = timedelta(days=2)  # what the claimant is promised


class ClaimQuerySet(models.QuerySet["ListingClaim"]):
    def waiting(self) -> Self:
        return self.filter(state=ClaimState.WAITING)

    def overdue_at(self, moment: datetime) -> Self:
        return self.waiting().filter(created_at__lt=moment - OVERDUE_AFTER)

    def disputes(self) -> Self:
        """Waiting claims to a listing that somebody holds already."""
        return self.waiting().exclude(against=None)


@audited(leave_out=["code_index", "code_until"])
class ListingClaim(models.Model):
    """ "This listing is mine": with evidence, decided by platform staff with a reason."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="claims")
    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="claims")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said = models.TextField(_("what shows that it is yours"))
    evidence = models.FileField(upload_to="evidence/", blank=True)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.WAITING)
    reason = models.TextField(_("reason for the decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    against = models.ForeignKey(
        Merchant, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # who held the listing when it was claimed: then it is a dispute
    answer = models.TextField(_("what the other side says"), blank=True, db_default="")
    code_index = models.BinaryField(max_length=32, null=True, editable=False)  # of the code that was sent
    code_until = models.DateTimeField(null=True, editable=False)
    proved_at = models.DateTimeField(_("answered the listing's phone"), null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim to a listing")
        verbose_name_plural = _("claims to listings")
        indexes = [
            # the staff's queue, oldest first
            models.Index(fields=["created_at", "id"], name="claim_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="listing_claimed_once_at_a_time",
                fields=["shop", "merchant"],
                condition=Q(state="waiting"),
            ),
            models.UniqueConstraint(
                name="listing_given_to_one_merchant",
                fields=["shop"],
                condition=Q(state="approved"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop} → {self.merchant}"
