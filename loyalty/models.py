"""Member cards and the value ledger: what one card holds, and every step by which it came to hold it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import Now, Right
from django.utils.translation import gettext_lazy as _

from merchants.models import Customer, Merchant, Shop
from portal.kernel.audit import audited
from portal.kernel.db import append_only
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

#: The twelve card faces of the design; the style sheet holds their colours.
FACES = (
    "jade",
    "ink",
    "plum",
    "persimmon",
    "sky",
    "tea",
    "rose",
    "slate",
    "moss",
    "gold",
    "rice",
    "mint",
)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def of(self, merchant_id: int) -> Self:
        return self.filter(merchant=merchant_id).select_related("merchant")

    def seen_by(self, user: User | AnonymousUser) -> Self:
        """Adds ``mine``: the token of the person's own card, if there is one."""
        own = Card.objects.filter(programme=OuterRef("pk"), customer__user=user.pk)
        return self.annotate(mine=Subquery(own.values("token")[:1]))


@audited()
class Programme(models.Model):
    """A merchant's membership: what the card is called and looks like, and how points are earned."""

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="programme")
    name = models.CharField(_("name of the card"), max_length=30)
    face = models.CharField(_("face"), max_length=12, default="jade")
    slogan = models.CharField(_("slogan"), max_length=40, blank=True)
    points_per_unit = models.PositiveSmallIntegerField(_("points per yuan"), default=1)
    points_expire_months = models.PositiveSmallIntegerField(
        _("points expire after (months)"), null=True, blank=True
    )
    is_open = models.BooleanField(_("takes new members"), default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership programme")
        verbose_name_plural = _("membership programmes")

    def __str__(self) -> str:
        return self.name

    def points_for(self, paid: int) -> int:
        """Points for an amount paid in minor units; half a point counts as one (rounded half up, once)."""
        unit = int(10**settings.CURRENCY_EXPONENT)
        return (2 * paid * self.points_per_unit + unit) // (2 * unit)


class CardState(models.TextChoices):
    ACTIVE = "active", _("Active")
    FROZEN = "frozen", _("Frozen")
    CLOSED = "closed", _("Closed")


class CardQuerySet(models.QuerySet["Card"]):
    def held_by(self, user: User) -> Self:
        return self.filter(customer__user=user).select_related("programme__merchant", "customer")

    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def in_full(self) -> Self:
        """With the names a card shows, and ``points``, its balance, in the same query."""
        balance = Account.objects.filter(card=OuterRef("pk"), kind=ValueKind.POINTS).values("balance")
        return self.select_related("programme__merchant", "customer__user").annotate(points=Subquery(balance))


@audited(inserts=False, leave_out=["last_used_at"])
class Card(models.Model):
    """One customer's membership in one programme, with a number to type and a code to scan."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="cards", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cards")
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="card")
    number = models.CharField(max_length=12, unique=True)  # digits, last one the Luhn check digit
    token = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=8, choices=CardState, default=CardState.ACTIVE)
    joined_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("member card")
        verbose_name_plural = _("member cards")
        constraints = [
            # what a child's (merchant, card) points at, so that it can't stand in another tenant
            models.UniqueConstraint(name="card_of_merchant", fields=["merchant", "id"]),
        ]
        indexes = [
            # read at the counter when a customer says the last digits
            models.Index(F("merchant"), Right("number", 4), name="card_by_last_digits"),
        ]

    def __str__(self) -> str:
        return self.number_in_groups

    @property
    def number_in_groups(self) -> str:
        return " ".join(self.number[i : i + 4] for i in (0, 4, 8))


class ValueKind(models.TextChoices):
    POINTS = "points", _("points")


class AccountQuerySet(models.QuerySet["Account"]):
    def points_of(self, card: Card) -> "Account":
        return self.get(card=card, kind=ValueKind.POINTS)

    def with_lapsed_lots(self, moment: datetime) -> Self:
        """Accounts that still hold something which has expired."""
        lapsed = Lot.objects.filter(account=OuterRef("pk"), remaining__gt=0, expires_at__lte=moment)
        return self.filter(Exists(lapsed)).order_by("pk")


class Account(models.Model):
    """What one card holds of one kind of value; the balance is the sum of its entries."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="accounts", db_constraint=False)
    kind = models.CharField(max_length=9, choices=ValueKind)
    balance = models.BigIntegerField(default=0)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="account_once_per_card_and_kind", fields=["card", "kind"]),
            models.CheckConstraint(name="account_never_overdrawn", condition=Q(balance__gte=0)),
            models.UniqueConstraint(name="account_of_merchant", fields=["merchant", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.kind}"


class EntryKind(models.TextChoices):
    EARNED = "earned", _("Earned")
    SPENT = "spent", _("Spent")
    REVERSED = "reversed", _("Taken back")
    EXPIRED = "expired", _("Expired")
    ADJUSTED = "adjusted", _("Adjusted")


class EntryQuerySet(models.QuerySet["Entry"]):
    def statement(self, account: Account, *, before: int | None = None) -> Self:
        """The account's entries, newest first, each with ``balance_after``.

        ``before`` continues a page: only entries older than that key. The sum runs from the oldest
        entry up, so leaving newer ones out changes none of the balances.
        """
        rows = self.filter(account=account)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        running = Window(Sum("amount"), order_by=F("id").asc())
        return rows.annotate(balance_after=running).order_by("-pk")


class Entry(models.Model):
    """One signed step of an account. Written once, never changed: mistakes are reversed by another entry."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=9, choices=EntryKind)
    key = models.UUIDField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    document = models.CharField(max_length=40, blank=True)  # what it belongs to: "purchase:812"
    note = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.UniqueConstraint(name="entry_once_per_key", fields=["account", "key"]),
            models.CheckConstraint(name="entry_moves_something", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="entry_reverses_only_as_reversal",
                condition=Q(reverses=None) | Q(kind="reversed"),
            ),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="entry_statement")]
        triggers = [append_only("entries_are_written_once")]

    def __str__(self) -> str:
        return f"{self.amount:+d}"

    @property
    def size(self) -> int:
        """The amount without its sign."""
        return abs(self.amount)

    def same_or_refuse(self, amount: int) -> Self:
        """The entry that the first attempt wrote, or a refusal if this attempt asks for something else."""
        if self.amount != amount:
            raise KeyReused
        return self


class LotQuerySet(models.QuerySet["Lot"]):
    def next_to_lapse(self, account: Account, moment: datetime) -> "Lot | None":
        """What expires first of what is still there."""
        open_lots = self.filter(account=account, remaining__gt=0, expires_at__gt=moment)
        return open_lots.order_by("expires_at", "pk").first()


class Lot(models.Model):
    """What one entry credited, and when the unspent rest of it expires."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="lots", db_index=False, db_constraint=False
    )
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="lot")
    amount = models.BigIntegerField()
    remaining = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lot_holds_between_nothing_and_its_amount",
                condition=Q(remaining__gte=0, remaining__lte=F("amount"), amount__gt=0),
            ),
        ]
        indexes = [
            # spends take from the lot that expires first
            models.Index(
                fields=["account", "expires_at", "id"],
                name="lot_to_spend",
                condition=Q(remaining__gt=0),
            ),
            # read by the daily sweep
            models.Index(
                fields=["expires_at"],
                name="lot_to_lapse",
                condition=Q(remaining__gt=0, expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.amount}"

    @property
    def last_moment(self) -> datetime | None:
        """The last instant at which it is good: the day people are told, not the midnight after it."""
        return self.expires_at and self.expires_at - timedelta(seconds=1)


class Allocation(models.Model):
    """How much of a debit came out of which lot, or went back there when the debit was reversed."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="allocations")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="allocations")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="allocation_once_per_entry_and_lot", fields=["entry", "lot"]),
            models.CheckConstraint(name="allocation_takes_something", condition=Q(amount__gt=0)),
        ]
        triggers = [append_only("allocations_are_written_once")]

    def __str__(self) -> str:
        return str(self.amount)
