"""Money on cards: the terms a merchant offers, what was paid in, and what is paid back."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.ledger import Entry
from loyalty.models.membership import Card, Programme
from loyalty.models.passes import VisitPass
from merchants.models import Merchant, Shop
from portal.kernel.audit import audited


class SpendOrder(models.TextChoices):
    """What a payment takes first; the card's page says it."""

    PRINCIPAL = "principal", _("What was paid in first, then the bonus")
    BONUS = "bonus", _("The bonus first, then what was paid in")
    SHARE = "share", _("Both by their shares")


@audited()
class StoredValueTerms(models.Model):
    """Whether and how a merchant's card takes money. Once ``closing_on`` is announced, it takes none."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="stored_value")
    is_on = models.BooleanField(_("members can top up their card"), default=False)
    spends = models.CharField(
        _("a payment takes"), max_length=9, choices=SpendOrder, default=SpendOrder.PRINCIPAL
    )
    most_on_card = models.PositiveIntegerField(_("most on one card"), null=True, blank=True)  # minor units
    most_owed = models.PositiveBigIntegerField(_("most on all cards"), null=True, blank=True)  # minor units
    revenue = models.PositiveBigIntegerField(_("revenue of last year"), null=True, blank=True)  # minor units
    bonus_expires_months = models.PositiveSmallIntegerField(
        _("the bonus expires after (months)"), null=True, blank=True
    )
    cooling_off_days = models.PositiveSmallIntegerField(_("a top-up is taken back within (days)"), default=7)
    closing_on = models.DateField(_("last day of the shop"), null=True, blank=True)
    closing_announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stored-value terms")
        verbose_name_plural = _("stored-value terms")
        constraints = [
            models.CheckConstraint(
                name="closing_is_announced_with_its_day",
                condition=Q(closing_on=None, closing_announced_at=None)
                | Q(closing_on__isnull=False, closing_announced_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.programme)

    @property
    def takes_money(self) -> bool:
        return self.is_on and self.closing_on is None

    def is_over(self, today: date) -> bool:
        return self.closing_on is not None and self.closing_on < today


@audited()
class BonusTier(models.Model):
    """Pay in so much, get so much on top; both in minor units."""

    terms = models.ForeignKey(StoredValueTerms, models.CASCADE, related_name="tiers")
    pays = models.PositiveIntegerField(_("paid in"))
    gets = models.PositiveIntegerField(_("bonus"))

    class Meta:
        verbose_name = _("bonus tier")
        verbose_name_plural = _("bonus tiers")
        ordering = ("pays",)
        constraints = [
            models.UniqueConstraint(name="bonus_tier_once_per_amount", fields=["terms", "pays"]),
            models.CheckConstraint(name="bonus_tier_of_something", condition=Q(pays__gt=0)),
            models.CheckConstraint(name="bonus_is_no_more_than_is_paid_in", condition=Q(gets__lte=F("pays"))),
        ]

    def __str__(self) -> str:
        return f"{self.pays}+{self.gets}"


class Channel(models.TextChoices):
    COUNTER = "counter", _("at the counter")
    ONLINE = "online", _("online")


class TopUpQuerySet(models.QuerySet["TopUp"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant).select_related("card__customer", "shop", "by")

    def on(self, card: Card) -> Self:
        return self.filter(card=card).select_related("shop", "by").order_by("-pk")

    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class TopUp(models.Model):
    """Money paid in, with its receipt. Undone by counter-entries, never removed."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="top_ups", db_constraint=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=16, unique=True)
    paid = models.PositiveIntegerField()  # minor units
    bonus = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=7, choices=Channel)
    principal_entry = models.OneToOneField(Entry, models.PROTECT, related_name="top_up")
    bonus_entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.UUIDField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    undo_reason = models.CharField(max_length=120, blank=True)

    objects = TopUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("top-up")
        verbose_name_plural = _("top-ups")
        constraints = [
            models.UniqueConstraint(name="top_up_once_per_key", fields=["card", "key"]),
            models.CheckConstraint(name="top_up_of_something", condition=Q(paid__gt=0)),
            models.CheckConstraint(
                name="top_up_names_its_bonus",
                condition=Q(bonus=0, bonus_entry=None) | Q(bonus__gt=0, bonus_entry__isnull=False),
            ),
            models.CheckConstraint(
                name="undone_top_up_says_by_whom",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["merchant", "-made_at"], name="top_up_by_time")]

    def __str__(self) -> str:
        return self.token


class Why(models.TextChoices):
    """Why money goes back."""

    ASKED = "asked", _("the holder asked")
    COOLING_OFF = "cooling", _("within the cooling-off period")
    CLOSING = "closing", _("the shop closes")


class RefundQuerySet(models.QuerySet["Refund"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant).select_related(
            "card__customer__user", "card__programme", "visit_pass"
        )

    def on(self, card: Card) -> Self:
        return self.filter(card=card).order_by("-pk")

    def of_money(self) -> Self:
        """What the card held in money, passes left aside."""
        return self.filter(visit_pass=None)

    def due(self) -> Self:
        """Asked for and not yet paid out, the oldest first."""
        return self.filter(paid_at=None).order_by("asked_at", "pk")

    def asked_before(self, moment: datetime) -> Self:
        return self.filter(asked_at__lt=moment)

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class Refund(models.Model):
    """What a card held is taken off and owed in money. The quote's lines are kept as they were shown.

    Of a visit pass, ``paid_in`` is its price and ``left_principal`` what of it no visit has earned.
    """

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="refunds", db_constraint=False)
    why = models.CharField(max_length=7, choices=Why)
    paid_in = models.BigIntegerField()  # minor units, all of these
    bonus_in = models.BigIntegerField()
    left_principal = models.BigIntegerField()
    left_bonus = models.BigIntegerField()
    amount = models.BigIntegerField()
    visit_pass = models.ForeignKey(
        VisitPass, models.PROTECT, null=True, blank=True, related_name="refunds", db_index=False
    )
    visits = models.PositiveSmallIntegerField(default=0, db_default=0)  # taken off the pass
    key = models.UUIDField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField(db_default=Now())
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    paid_how = models.CharField(_("how it was paid"), max_length=60, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund of a card")
        verbose_name_plural = _("refunds of cards")
        constraints = [
            models.UniqueConstraint(name="refund_once_per_key", fields=["card", "key"]),
            models.CheckConstraint(
                name="refund_is_no_more_than_was_left",
                condition=Q(amount__gte=0, amount__lte=F("left_principal") + F("left_bonus")),
            ),
            models.CheckConstraint(
                name="refund_of_a_pass_takes_its_visits",
                condition=Q(visit_pass=None, visits=0) | Q(visit_pass__isnull=False, visits__gt=0),
            ),
            models.CheckConstraint(
                name="paid_refund_says_by_whom",
                condition=Q(paid_at=None, paid_by=None) | Q(paid_at__isnull=False, paid_by__isnull=False),
            ),
        ]
        indexes = [
            # the queue that the shop works off
            models.Index(
                fields=["merchant", "asked_at"], name="refund_due", condition=Q(paid_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.amount)

    @property
    def used(self) -> int:
        return self.paid_in + self.bonus_in - self.left

    @property
    def left(self) -> int:
        return self.left_principal + self.left_bonus
