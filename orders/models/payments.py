"""Money that a payment provider takes for a merchant, and every notice that it sends about it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models import Card, PassOffer, TopUp, VisitPass
from merchants.models import Merchant, Shop
from portal.kernel.models import User


class PaymentState(models.TextChoices):
    """``credited``: what was paid for is there. ``owed``: it was paid and can't be, so it goes back."""

    ASKED = "asked", _("waiting for the payment")
    CREDITED = "credited", _("paid")
    FAILED = "failed", _("not paid")
    LAPSED = "lapsed", _("not paid in time")
    OWED = "owed", _("paid, to be given back")
    RETURNED = "returned", _("given back")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def of_person(self, user: User) -> Self:
        return self.filter(by=user).select_related(
            "card__programme__merchant", "merchant", "shop", "top_up", "offer", "visit_pass__lot"
        )

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        rows = self.select_related("card__customer", "card__programme", "shop", "offer")
        return rows.order_by("pk").select_for_update(of=("self",), no_key=True)

    def overdue_at(self, moment: datetime) -> Self:
        return self.filter(state=PaymentState.ASKED, lapses_at__lte=moment)


class Payment(models.Model):
    """A top-up or, where it names an offer, a visit pass that somebody wants to pay online. Credited once, on
    the provider's word, never by a page."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="payments", db_constraint=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payments", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    gateway = models.CharField(max_length=20)
    amount = models.PositiveIntegerField()  # minor units
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=PaymentState, default=PaymentState.ASKED)
    key = models.UUIDField()
    top_up = models.OneToOneField(TopUp, models.PROTECT, null=True, blank=True, related_name="payment")
    offer = models.ForeignKey(
        PassOffer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    promise = models.JSONField(null=True, blank=True)  # the terms of the pass that the payer was shown
    visit_pass = models.OneToOneField(
        VisitPass, models.PROTECT, null=True, blank=True, related_name="payment", db_constraint=False
    )
    problem = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    lapses_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(name="payment_once_per_key", fields=["by", "key"]),
            models.CheckConstraint(name="payment_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="credited_payment_names_what_it_paid",
                condition=Q(state="credited", offer=None, top_up__isnull=False, visit_pass=None)
                | Q(state="credited", offer__isnull=False, top_up=None, visit_pass__isnull=False)
                | ~Q(state="credited") & Q(top_up=None, visit_pass=None),
            ),
            models.CheckConstraint(
                name="payment_for_a_pass_keeps_its_promise",
                condition=Q(offer=None, promise__isnull=True) | Q(offer__isnull=False, promise__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["lapses_at"], name="payment_to_lapse", condition=Q(state="asked")),
            models.Index(fields=["merchant", "-asked_at"], name="payment_by_time"),
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def is_open(self) -> bool:
        return self.state == PaymentState.ASKED


class PaymentNotice(models.Model):
    """What a provider said, once per its own event number; kept whether it was believed or not."""

    gateway = models.CharField(max_length=20)
    event = models.CharField(max_length=64)
    token = models.CharField(max_length=16)
    paid = models.BooleanField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    verdict = models.CharField(max_length=200, blank=True)  # empty: believed
    came_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("payment notice")
        verbose_name_plural = _("payment notices")
        constraints = [
            models.UniqueConstraint(name="notice_once_per_event", fields=["gateway", "event"]),
        ]

    def __str__(self) -> str:
        return self.event


class SimulatedDecision(models.Model):
    """The books of the simulated provider: what its payer pressed. The portal reads them only by asking."""

    payment = models.OneToOneField(Payment, models.CASCADE, related_name="+", primary_key=True)
    paid = models.BooleanField()

    def __str__(self) -> str:
        return "paid" if self.paid else "refused"
