"""What lies on cards by the month in which it lapses and by the shop that it came from, and its worth.

A month is the merchant's; what ends at midnight after the last of May lapses in May. Only what is still good
by date counts as owed, swept or not.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from loyalty.models import MONEY, Entry, EntryKind, Lot, SpendingRule, ValueKind, VisitPass
from merchants.models import Merchant, Shop

KINDS = (ValueKind.PRINCIPAL, ValueKind.BONUS, ValueKind.VISITS, ValueKind.POINTS)
MONTHS = 13  # this one and twelve more are shown one by one; what lapses after them is one line
LAST_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Part:
    """``amount`` in minor units, visits or points; ``worth`` in minor units, none for points that buy
    nothing; ``month``: its first day, none for what has no end."""

    kind: ValueKind
    month: date | None
    shop: int | None
    amount: int
    worth: int | None


@dataclass(frozen=True)
class Cell:
    kind: ValueKind
    label: str
    amount: int
    worth: int | None

    @property
    def is_money(self) -> bool:
        return self.kind in MONEY


@dataclass(frozen=True)
class Row:
    """``worth``: of all its cells together."""

    says: str
    cells: list[Cell]
    worth: int


def parts_of(merchant: Merchant, moment: datetime) -> list[Part]:
    """Three questions, however many cards; a line for each kind, month and shop."""
    zone = ZoneInfo(merchant.zone)
    rule = SpendingRule.objects.filter(merchant=merchant, is_on=True).order_by("pk").first()
    held = {"account__merchant": merchant, "account__kind__in": [*MONEY, ValueKind.POINTS]}
    lots = Lot.objects.filter(merchant=merchant, remaining__gt=0, **held)
    good = lots.filter(Q(expires_at=None) | Q(expires_at__gt=moment))
    named = good.values("account__kind", shop=F("entry__shop"), month=_month("expires_at", zone))
    rows = named.annotate(sum=Sum("remaining")).order_by()
    parts = [
        Part(ValueKind(row["account__kind"]), row["month"], row["shop"], row["sum"], _worth(row, rule))
        for row in rows
    ]
    passes = VisitPass.objects.filter(merchant=merchant).good_at(moment)
    visits = passes.values("shop", month=_month("lot__expires_at", zone))
    held_visits = visits.annotate(sum=Sum("lot__remaining"), money=Sum("unearned")).order_by()
    return parts + [
        Part(ValueKind.VISITS, row["month"], row["shop"], row["sum"], row["money"]) for row in held_visits
    ]


def _month(column: str, zone: ZoneInfo) -> Any:
    """The month of the last instant before it ends."""
    last = ExpressionWrapper(F(column) - LAST_INSTANT, output_field=DateTimeField())
    return TruncMonth(last, tzinfo=zone, output_field=DateField())


def _worth(row: Any, rule: SpendingRule | None) -> int | None:
    """Points as the counter takes them today, rounded down."""
    if row["account__kind"] in MONEY:
        return int(row["sum"])
    return int(row["sum"] * rule.worth // rule.points) if rule else None


def by_expiry(parts: Sequence[Part], moment: datetime, zone: ZoneInfo) -> list[Row]:
    """This month and twelve more, what lapses later, what has no end; months without anything left out."""
    now = moment.astimezone(zone)
    edge = now.year * 12 + now.month - 1 + MONTHS

    def place(part: Part) -> tuple[int, date | None]:
        if part.month is None:
            return (2, None)
        return (1, None) if part.month.year * 12 + part.month.month - 1 >= edge else (0, part.month)

    says = {1: _("More than a year from now"), 2: _("Without an end")}
    return _rows(parts, place, lambda key: said_month(key[1]) if key[1] else says[key[0]], _order)


def by_shop(parts: Sequence[Part], merchant: Merchant) -> list[Row]:
    """Where it came from; what was brought along or put right by hand came from no shop."""
    names = {shop.pk: shop.title for shop in Shop.objects.of(merchant)}
    return _rows(
        parts, lambda part: part.shop, lambda key: names.get(key, _("No shop named")), lambda key: key or 0
    )


def lapsed(merchant: Merchant, moment: datetime) -> list[Row]:
    """What lapsed in the last twelve months, latest first. Two questions."""
    zone = ZoneInfo(merchant.zone)
    swept: QuerySet[Any] = Entry.objects.filter(merchant=merchant, kind=EntryKind.EXPIRED)
    since = moment - timedelta(days=366)
    gone = swept.filter(created_at__gte=since).values(
        "account__kind", month=TruncMonth("created_at", tzinfo=zone, output_field=DateField())
    )
    parts = [
        Part(
            ValueKind(row["account__kind"]),
            row["month"],
            None,
            -row["sum"],
            -row["sum"] if row["account__kind"] in MONEY else None,
        )
        for row in gone.annotate(sum=Sum("amount")).order_by()
    ]
    return _rows(parts, lambda part: part.month, said_month, lambda key: -key.toordinal())


def in_order(part: Part) -> tuple[Any, ...]:
    """By kind, then by month, what has no end behind."""
    return (KINDS.index(part.kind), part.month or date.max, part.shop or 0)


def said_month(month: date) -> str:
    return month.strftime("%Y-%m")


def total(parts: Sequence[Part]) -> Row:
    (row,) = _rows(parts, lambda part: 0, lambda key: _("Together"), lambda key: 0) or [
        Row(_("Together"), [], 0)
    ]
    return row


def _order(key: tuple[int, date | None]) -> Any:
    return (key[0], key[1].toordinal() if key[1] else 0)


def _rows(
    parts: Iterable[Part],
    place: Callable[[Part], Hashable],
    says: Callable[[Any], str],
    order: Callable[[Any], Any],
) -> list[Row]:
    """A cell for each kind that there is at all, so that the columns are the same in every row."""
    held: dict[Any, dict[ValueKind, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for part in parts:
        held[place(part)][part.kind].append(part)
    kinds = [kind for kind in KINDS if any(kind in cells for cells in held.values())]
    rows = []
    for key in sorted(held, key=order):
        cells = [_cell(kind, held[key].get(kind, [])) for kind in kinds]
        rows.append(Row(says(key), cells, sum(cell.worth or 0 for cell in cells)))
    return rows


def _cell(kind: ValueKind, parts: list[Part]) -> Cell:
    worths = [part.worth for part in parts if part.worth is not None]
    amount = sum(part.amount for part in parts)
    return Cell(kind, str(kind.label), amount, sum(worths) if worths else None)
