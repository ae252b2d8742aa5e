"""What a holder has agreed to pay: bound to a card, a merchant, an amount; good for a minute, used once."""

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from loyalty.models.membership import Card
from merchants.models import Merchant, Shop
from portal.kernel.money import format_money


class Value(models.TextChoices):
    """What an approval lets a counter take."""

    MONEY = "money", _("balance")
    POINTS = "points", _("points")
    VISITS = "visits", _("visits of a pass")


def said(value: str, amount: int) -> str:
    """``¥38.00``, ``120 points`` or ``1 visit``."""
    if value == Value.MONEY:
        return format_money(amount, exact=True)
    if value == Value.VISITS:
        return ngettext("%(count)d visit", "%(count)d visits", amount) % {"count": amount}
    return ngettext("%(points)d point", "%(points)d points", amount) % {"points": amount}


class Way(models.TextChoices):
    """How the holder agreed."""

    PHONE = "phone", _("PIN on the holder's phone")
    SCREEN = "screen", _("PIN on the shop's screen")
    CODE = "code", _("code shown by the holder's phone")


class Stage(models.TextChoices):
    """Where an approval stands at a moment; told by its dates, not stored."""

    ASKED = "asked", _("Waiting for the holder")
    APPROVED = "approved", _("Agreed")
    USED = "used", _("Used")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        rows = self.select_related("card__customer", "card__programme", "shop")
        return rows.order_by("pk").select_for_update(of=("self",), no_key=True)

    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant).in_full()

    def on(self, card: Card) -> Self:
        return self.filter(card=card).in_full()

    def in_full(self) -> Self:
        return self.select_related("card__customer__user", "card__programme__merchant", "shop", "used_shop")

    def waiting_at(self, moment: datetime) -> Self:
        """Asked by a counter and not answered yet, the newest first."""
        return self.filter(
            approved_at=None, declined_at=None, answer_by__gt=moment, asked_at__lte=moment
        ).order_by("-pk")

    def usable_at(self, moment: datetime) -> Self:
        return self.filter(used_at=None, declined_at=None, good_until__gt=moment)


class Approval(models.Model):
    """Asked for by a counter with an amount, or begun by the holder with all that the card holds as limit."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="approvals", db_constraint=False)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    value = models.CharField(max_length=6, choices=Value)
    amount = models.BigIntegerField()  # minor units or points: exactly this, or at most this
    is_exact = models.BooleanField()  # asked for by a counter; what the holder began has a limit
    token = models.CharField(max_length=16, unique=True)
    key = models.UUIDField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    turns = models.PositiveSmallIntegerField(default=0)  # keypads shown on the shop's screen and answered
    approved_at = models.DateTimeField(null=True, blank=True)
    good_until = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=6, choices=Way, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_amount = models.BigIntegerField(null=True, blank=True)
    used_key = models.UUIDField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    used_shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(name="approval_once_per_key", fields=["card", "key"]),
            models.UniqueConstraint(
                name="approval_pays_one_sale_of_a_kind",
                fields=["card", "value", "used_key"],
                condition=Q(used_key__isnull=False),
            ),
            models.CheckConstraint(name="approval_asks_for_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="approval_asked_at_a_counter_names_the_shop",
                condition=Q(is_exact=False) | Q(shop__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_is_good_for_a_while_once_given",
                condition=Q(approved_at=None, good_until=None, way="")
                | Q(approved_at__isnull=False, good_until__isnull=False, good_until__gt=F("approved_at"))
                & ~Q(way=""),
            ),
            models.CheckConstraint(
                name="approval_is_used_whole_and_in_time",
                condition=Q(used_at=None, used_amount=None, used_key=None, used_by=None, used_shop=None)
                | Q(
                    declined_at=None,
                    approved_at__isnull=False,
                    used_at__isnull=False,
                    used_amount__isnull=False,
                    used_at__lt=F("good_until"),
                    used_amount__gt=0,
                    used_key__isnull=False,
                    used_by__isnull=False,
                    used_shop__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="approval_is_used_for_its_amount",
                condition=Q(used_amount=None)
                | Q(is_exact=True, used_amount=F("amount"))
                | Q(is_exact=False, used_amount__lte=F("amount")),
            ),
        ]
        indexes = [
            # read by the holder's page while it waits to be asked
            models.Index(fields=["card", "-id"], name="approval_of_card"),
        ]
        triggers = [
            pgtrigger.Protect(name="approvals_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="an_approval_is_used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__used_at__isnull=False)
                | pgtrigger.Q(old__declined_at__isnull=False),
            ),
            pgtrigger.ReadOnly(
                name="what_was_asked_stays",
                fields=["merchant", "card", "value", "amount", "is_exact", "token", "key", "asked_by"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.value}"

    def stage(self, moment: datetime) -> Stage:
        if self.used_at:
            return Stage.USED
        if self.declined_at:
            return Stage.DECLINED
        if self.good_until:
            return Stage.APPROVED if moment < self.good_until else Stage.EXPIRED
        return Stage.ASKED if moment < self.answer_by else Stage.EXPIRED

    @property
    def sum(self) -> str:
        """What was asked for, or the limit, as people read it: ``¥38.00``, ``120 points``."""
        return said(self.value, self.amount)

    @property
    def used_sum(self) -> str:
        return said(self.value, self.used_amount or 0)

    @property
    def ends_at(self) -> datetime:
        """Until when something may still be done with it."""
        return self.good_until or self.answer_by
