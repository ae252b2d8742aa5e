"""Passes in phones' wallets that are kept fresh: what still has to be told, and to which devices."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.media import CardMedium, MediumKind
from merchants.models import Merchant


class WalletPassQuerySet(models.QuerySet["WalletPass"]):
    def in_full(self) -> Self:
        """With what a face shows of it, but for the card's balances."""
        return self.select_related(
            "medium__card__customer__user", "medium__card__programme__merchant__card_look"
        )

    def apple(self) -> Self:
        return self.filter(medium__kind=MediumKind.APPLE)

    def on(self, device: str) -> Self:
        """Those that somebody's phone keeps."""
        return self.filter(devices__device=device)

    def due(self, moment: datetime) -> Self:
        """What the wallets haven't been told, oldest first; rows that others hold are passed over."""
        rows = self.filter(due_at__lte=moment, parked_at=None).order_by("due_at", "pk")
        return rows.select_for_update(of=("self",), skip_locked=True, no_key=True)


class WalletPass(models.Model):
    """The secret of one pass and whether its wallet knows the newest. ``changed_at`` is in whole seconds and
    only grows, for HTTP tells no finer time and each change has to be later than the one before."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    medium = models.OneToOneField(
        CardMedium, models.PROTECT, related_name="wallet", db_constraint=False, primary_key=True
    )
    secret = models.CharField(max_length=43)  # Apple calls it the authentication token
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)  # from when on it is told; none: nothing to tell
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=300, blank=True, default="", db_default="")
    parked_at = models.DateTimeField(null=True, blank=True)

    objects = WalletPassQuerySet.as_manager()

    class Meta:
        verbose_name = _("pass in a wallet")
        verbose_name_plural = _("passes in wallets")
        constraints = [
            models.UniqueConstraint(name="wallet_pass_of_merchant", fields=["merchant", "medium"]),
            models.CheckConstraint(
                name="wallet_pass_has_a_long_secret",
                condition=Q(secret__regex=r"^.{32,}$"),  # noqa: S106 - the shape of one
            ),
        ]
        indexes = [
            # the worker's claim
            models.Index(fields=["due_at"], name="wallet_pass_due", condition=Q(parked_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.medium)


class PassDevice(models.Model):
    """A phone that wants to hear when a pass has changed. Gone as soon as it says so or Apple does."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    wallet_pass = models.ForeignKey(
        WalletPass, models.CASCADE, related_name="devices", db_index=False, db_constraint=False
    )
    device = models.CharField(max_length=100, db_index=True)
    push_token = models.CharField(max_length=200)
    registered_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("device with a pass")
        verbose_name_plural = _("devices with passes")
        constraints = [
            models.UniqueConstraint(name="device_once_per_pass", fields=["wallet_pass", "device"]),
        ]

    def __str__(self) -> str:
        return self.device
