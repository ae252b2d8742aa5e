"""What merchants owe the holders of their cards, and the signs that they may not be able to pay it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.models import MONEY, Account, Entry, EntryKind, Refund, StoredValueTerms, ValueKind, VisitPass
from merchants.models import Merchant

MONTH = timedelta(days=30)
SILENT_AFTER = timedelta(days=14)
PAID_OUT_WITHIN = timedelta(days=7)
ENOUGH = 100_000  # minor units owed; below that no sign is worth a person's time


@dataclass(frozen=True)
class Owed:
    """Money in minor units. ``due``: refunds asked for and not yet paid out, no longer on cards; ``visits``:
    on passes, and ``passes``, the money for them."""

    principal: int
    bonus: int
    points: int
    cards: int
    due: int
    visits: int
    passes: int

    @property
    def money(self) -> int:
        return self.principal + self.bonus

    @property
    def ahead(self) -> int:
        """All that was paid ahead, as limits count it."""
        return self.money + self.passes


def owed_by(merchant: Merchant) -> Owed:
    """A few queries, however many cards there are."""
    accounts = Account.objects.filter(merchant=merchant, balance__gt=0).order_by()
    sums = dict(accounts.values_list("kind").annotate(sum=Sum("balance")))
    cards = accounts.money().aggregate(count=Count("card", distinct=True))["count"]
    due = Refund.objects.of(merchant).filter(paid_at=None).aggregate(sum=Sum("amount"))["sum"]
    good = VisitPass.objects.filter(merchant=merchant).good_at(timezone.now()).order_by()
    passes = good.aggregate(visits=Sum("lot__remaining"), money=Sum("unearned"))
    held = [sums.get(kind, 0) for kind in (ValueKind.PRINCIPAL, ValueKind.BONUS, ValueKind.POINTS)]
    return Owed(held[0], held[1], held[2], cards, due or 0, passes["visits"] or 0, passes["money"] or 0)


def by_month(merchant: Merchant, zone: Any, *, months: int = 12) -> list[dict[str, Any]]:
    """Latest first: ``month``, and in minor units ``came``, ``given``, ``used``, ``back``, ``lapsed``."""
    entries = Entry.objects.filter(merchant=merchant, account__kind__in=MONEY)
    rows = entries.annotate(month=TruncMonth("created_at", tzinfo=zone)).order_by("-month").values("month")

    def total(*kinds: EntryKind, **more: Any) -> Coalesce:
        meant = Q(kind__in=kinds) | Q(reverses__kind__in=kinds)
        return Coalesce(Sum("amount", filter=meant & Q(**more)), 0)

    came = (EntryKind.TOPPED_UP, EntryKind.OPENING, EntryKind.MOVED)
    own, extra = {"account__kind": ValueKind.PRINCIPAL}, {"account__kind": ValueKind.BONUS}
    summed = rows.annotate(
        came=total(*came, **own),
        given=total(EntryKind.GRANTED, *came, **extra),
        used=-total(EntryKind.SPENT),
        back=-total(EntryKind.REFUNDED),
        lapsed=-total(EntryKind.EXPIRED),
    )
    return [dict(row) for row in summed[:months]]


def with_liability(terms: QuerySet[StoredValueTerms], moment: datetime) -> QuerySet[Any]:
    """Adds what the signs are read from: ``owed``, sums of 30 days and of 90 before, ``last``, ``late``."""
    recent, before = moment - MONTH, moment - 4 * MONTH
    theirs = Entry.objects.filter(merchant=OuterRef("programme__merchant"), account__kind__in=MONEY)
    entries = theirs.order_by().values("merchant")

    def of(rows: Any, expression: Any) -> Any:
        return Subquery(rows.annotate(answer=expression).values("answer"))

    def sums(*, kind: EntryKind, since: datetime, until: datetime) -> Any:
        span = entries.filter(kind=kind, created_at__gte=since, created_at__lt=until)
        return Coalesce(of(span, Sum("amount")), 0)

    accounts = Account.objects.money().filter(merchant=OuterRef("programme__merchant"))
    passes = VisitPass.objects.filter(merchant=OuterRef("programme__merchant")).good_at(moment).order_by()
    late = Refund.objects.filter(merchant=OuterRef("programme__merchant")).due()
    late = late.asked_before(moment - PAID_OUT_WITHIN).order_by()
    return terms.annotate(
        owed=Coalesce(of(accounts.order_by().values("merchant"), Sum("balance")), 0)
        + Coalesce(of(passes.values("merchant"), Sum("unearned")), 0),
        came=sums(kind=EntryKind.TOPPED_UP, since=recent, until=moment),
        came_before=sums(kind=EntryKind.TOPPED_UP, since=before, until=recent),
        used=-sums(kind=EntryKind.SPENT, since=recent, until=moment),
        used_before=-sums(kind=EntryKind.SPENT, since=before, until=recent),
        last=of(entries, Max("created_at")),
        late=Coalesce(of(late.values("merchant"), Count("pk")), 0),
    )


SIGNS = {
    "closing": _("closing, and still owes"),
    "late": _("refunds wait for more than a week"),
    "silent": _("nothing for two weeks"),
    "surge": _("top-ups doubled while use halved"),
    "deep": _("owes more than a year's use"),
}


def signs_of(terms: Any, moment: datetime) -> list[str]:
    """Which of ``SIGNS`` a row of ``with_liability`` shows; each only where enough is owed to matter.

    surge: in 30 days more than twice the monthly mean of the 90 days before came in, and less than half
    of the mean was used. deep: more is owed than twelve times what was used in 30 days.
    """
    shown = ["late"] if terms.late else []
    if terms.owed < ENOUGH:
        return shown
    tests = {
        "closing": terms.closing_on is not None,
        "silent": terms.last is not None and moment - terms.last > SILENT_AFTER,
        "surge": bool(terms.came_before)
        and terms.came > 2 * terms.came_before / 3
        and terms.used < terms.used_before / 3 / 2,
        "deep": bool(terms.used) and terms.owed > 12 * terms.used,
    }
    return shown + [name for name, holds in tests.items() if holds]
