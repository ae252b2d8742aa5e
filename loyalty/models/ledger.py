"""The value ledger: what one card holds, and every step by which it came to hold it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loyalty.models.membership import Card
from merchants.models import Merchant, Shop
from portal.kernel.db import append_only
from portal.kernel.refused import KeyReused


class ValueKind(models.TextChoices):
    """Points and visits are counted, principal and bonus are money in minor units: what the holder paid
    in, and what the merchant put on top. Debt is points that were taken back after they had been used."""

    POINTS = "points", _("points")
    PRINCIPAL = "principal", _("paid in")
    BONUS = "bonus", _("bonus")
    VISITS = "visits", _("visits")
    DEBT = "debt", _("points owed")


MONEY = (ValueKind.PRINCIPAL, ValueKind.BONUS)


class AccountQuerySet(models.QuerySet["Account"]):
    def points_of(self, card: Card) -> "Account":
        return self.get(card=card, kind=ValueKind.POINTS)

    def money(self) -> Self:
        return self.filter(kind__in=MONEY)

    def good_at(self, moment: datetime) -> Self:
        """Adds ``good``: the balance without what has expired by ``moment``, swept or not, and without what
        can't be used yet; ``waits``: whether there is some of the latter."""
        theirs = Lot.objects.filter(account=OuterRef("pk"), remaining__gt=0)
        no_good = theirs.filter(Q(expires_at__lte=moment) | Q(usable_from__gt=moment))
        sums = no_good.order_by().values("account").annotate(sum=Sum("remaining")).values("sum")
        waits = Exists(theirs.filter(usable_from__gt=moment))
        return self.annotate(good=F("balance") - Coalesce(Subquery(sums), 0), waits=waits)

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

    good: int  # what ``good_at`` adds
    waits: bool

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account of a card")
        verbose_name_plural = _("accounts of cards")
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
    OPENING = "opening", _("Brought over")
    MOVED = "moved", _("Moved between cards")
    TOPPED_UP = "topped_up", _("Topped up")
    GRANTED = "granted", _("Bonus")
    REFUNDED = "refunded", _("Refunded")
    BOUGHT = "bought", pgettext_lazy("visits", "Bought")
    CLAWED = "clawed", _("Taken back for returned goods")
    SETTLED = "settled", _("Points owed, paid off")


WITHOUT_A_SALE = Q(kind__in=["earned", "adjusted"]) & ~Q(document__startswith="sale:")


class EntryQuerySet(models.QuerySet["Entry"]):
    def without_a_sale(self, merchant: Merchant) -> Self:
        """Points credited or adjusted by somebody's hand, with no sale of the till behind them."""
        return self.filter(WITHOUT_A_SALE, merchant=merchant)

    def statement(self, account: Account, *, before: int | None = None) -> Self:
        """The account's entries, newest first; ``before`` continues a page: only entries older than that
        key. Nothing is summed: each entry carries the balance that it left.
        """
        rows = self.filter(account=account)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        return rows.order_by("-pk")


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
    # of the account, written by the database function that moved it: a long life is never summed for a page
    balance_after = models.BigIntegerField()

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
        indexes = [
            models.Index(fields=["account", "-id"], name="entry_statement"),
            # read by the daily report of unusual awards, and by the limit of adjusting: few rows are in it
            models.Index(
                fields=["merchant", "created_at"], name="entry_without_a_sale", condition=WITHOUT_A_SALE
            ),
        ]
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

    def waiting(self, account: Account, moment: datetime) -> Self:
        """What is there and can't be used yet, the next that can first; ``account`` came ``good_at``."""
        if not account.waits:
            return self.none()
        waiting = self.filter(account=account, remaining__gt=0, usable_from__gt=moment)
        return waiting.order_by("usable_from", "pk")

    def ripe(self, moment: datetime) -> Self:
        """What waited, can be used by ``moment``, and nobody was told of."""
        return self.filter(usable_from__lte=moment, is_noticed=False)


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
    usable_from = models.DateTimeField(null=True, blank=True)  # until then it only waits; none: at once
    is_noticed = models.BooleanField(default=False, db_default=False)  # that it can be used; of what waited

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lot_holds_between_nothing_and_its_amount",
                condition=Q(remaining__gte=0, remaining__lte=F("amount"), amount__gt=0),
            ),
            models.CheckConstraint(
                name="lot_can_be_used_before_it_expires",
                condition=Q(usable_from=None) | Q(expires_at=None) | Q(expires_at__gt=F("usable_from")),
            ),
        ]
        indexes = [
            # spends take from the lot that expires first
            models.Index(
                fields=["account", "expires_at", "id"],
                name="lot_to_spend",
                condition=Q(remaining__gt=0),
            ),
            # read by every debit: what of the account only waits
            models.Index(
                fields=["account", "usable_from"],
                name="lot_that_waits",
                condition=Q(remaining__gt=0, usable_from__isnull=False),
            ),
            # read every hour: whose points have waited long enough
            models.Index(
                fields=["usable_from"],
                name="lot_to_notice",
                condition=Q(is_noticed=False, usable_from__isnull=False),
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

    def is_news(self, moment: datetime, within: timedelta) -> bool:
        """Whether its holder wants to hear that it can be used."""
        ends, since = self.expires_at, self.usable_from
        return (
            self.remaining > 0
            and (not ends or ends > moment)
            and since is not None
            and since > moment - within
        )

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
