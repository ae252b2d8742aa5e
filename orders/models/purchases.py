"""Purchases: what was bought at the counter, what was taken off, what was earned."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coupons.models import Redemption
from loyalty.models import Account, Card, Entry, PassVisit, ValueKind
from merchants.models import Customer, Merchant, Service, Shop
from merchants.wording import in_language
from portal.kernel.audit import audited
from portal.kernel.models import User


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def made_by(self, user: User) -> Self:
        return self.filter(customer__user=user)

    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def rung_up_since(self, moment: datetime) -> Self:
        return self.filter(made_at__gte=moment).order_by("-made_at", "-pk")

    def with_balance(self) -> Self:
        """Adds ``balance``: the points on the card now."""
        points = Account.objects.filter(card=OuterRef("card"), kind=ValueKind.POINTS)
        return self.annotate(balance=Coalesce(Subquery(points.values("balance")), 0))

    def in_full(self) -> Self:
        """With everything a receipt or an activity row shows, in the same query."""
        return self.select_related(
            "merchant", "shop", "customer", "card__programme", "by", "redemption__coupon", "entry"
        )

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited(inserts=False)
class Purchase(models.Model):
    """One sale at a shop's counter. Undoing it leaves it standing with counter-entries beside it."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="purchases", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="purchases")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="purchases", db_index=False
    )
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="purchases", db_constraint=False
    )
    token = models.CharField(max_length=16, unique=True)
    bill = models.PositiveIntegerField()  # minor units
    discount = models.PositiveIntegerField(default=0)
    paid = models.PositiveIntegerField()
    points = models.PositiveIntegerField(default=0)
    redemption = models.OneToOneField(
        Redemption, models.PROTECT, null=True, blank=True, related_name="purchase"
    )
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="purchase")
    key = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    undo_reason = models.CharField(max_length=120, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)  # when the last of its goods came back

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        constraints = [
            models.UniqueConstraint(name="purchase_once_per_key", fields=["merchant", "key"]),
            models.CheckConstraint(name="purchase_adds_up", condition=Q(bill=F("discount") + F("paid"))),
            models.CheckConstraint(name="purchase_of_something", condition=Q(bill__gt=0)),
            models.CheckConstraint(
                name="undone_purchase_says_by_whom",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "-made_at", "id"], name="purchase_by_time"),
            models.Index(fields=["merchant", "customer", "-made_at"], name="purchase_of_customer"),
            # read by a person's list of purchases
            models.Index(fields=["customer", "-id"], name="purchase_of_person"),
        ]

    def __str__(self) -> str:
        return self.token

    @cached_property
    def visit(self) -> PassVisit | None:
        """The visit of a pass that paid for it, if one did."""
        used = PassVisit.objects.select_related("visit_pass__lot")
        return used.filter(entry__tender__purchase=self).first()


class WrongCode(models.Model):
    """A code tried at a counter that led to nothing: counted, so that nobody can try them all."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    tried_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            # read by every look-up: has this person tried too often lately
            models.Index(fields=["by", "-tried_at"], name="wrong_code_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.tried_at)


class PurchaseLine(models.Model):
    """A line of the bill; each discount is shared over the lines so that a refund can mirror it."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="lines")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    said = models.CharField(max_length=80, blank=True)  # empty: the bill as one sum
    quantity = models.PositiveIntegerField(default=1)
    amount = models.PositiveIntegerField()
    discount = models.PositiveIntegerField(default=0)  # all that was taken off, with the two below
    level_off = models.PositiveIntegerField(default=0, db_default=0)
    points_off = models.PositiveIntegerField(default=0, db_default=0)
    points = models.PositiveIntegerField(default=0, db_default=0)  # its share of what the sale earned

    class Meta:
        verbose_name = _("line of a purchase")
        verbose_name_plural = _("lines of purchases")
        constraints = [
            models.CheckConstraint(
                name="line_discount_within_amount",
                condition=Q(discount__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="line_discount_holds_its_parts",
                condition=Q(discount__gte=F("level_off") + F("points_off")),
            ),
        ]

    def __str__(self) -> str:
        return self.said

    @property
    def paid(self) -> int:
        return self.amount - self.discount


class SavingKind(models.TextChoices):
    LEVEL = "level", _("Member level")
    POINTS = "points", _("Points used")


class Saving(models.Model):
    """What the card took off a purchase, beside a coupon: its level's percent, or points that were used."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="savings", db_index=False)
    kind = models.CharField(max_length=6, choices=SavingKind)
    amount = models.PositiveIntegerField()  # minor units
    said = models.CharField(max_length=20, blank=True)  # the level's name that day, and in English
    said_en = models.CharField(max_length=20, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="saving")

    class Meta:
        verbose_name = _("saving")
        verbose_name_plural = _("savings")
        constraints = [
            models.UniqueConstraint(name="saving_once_per_kind", fields=["purchase", "kind"]),
            models.CheckConstraint(name="saving_saves_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="points_used_have_an_entry",
                condition=Q(kind="points", entry__isnull=False) | Q(kind="level", entry=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def title(self) -> str:
        if self.entry:
            return ngettext("%(n)d point used", "%(n)d points used", self.entry.size) % {"n": self.entry.size}
        return in_language(self.said, self.said_en) or str(SavingKind.LEVEL.label)
