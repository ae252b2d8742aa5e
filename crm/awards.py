"""Awards of one day that an owner should look at: rules whose thresholds are stated, and the entries behind.

None of them proves anything. They are the marks that fake points leave (threats: a cashier who credits a
friend): points without a sale, one till far busier than usual, round bills, the same card again and again,
awards when the shop is shut, adjustments just below what a manager may do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from loyalty.models import Entry, EntryKind, ValueKind
from merchants.models import Merchant, Shop
from merchants.opening.hours import opening
from orders.models import Purchase

MANY, TIMES_THE_USUAL, USUAL_DAYS = 20, 3, 28
ROUND, ROUND_BILLS, ROUND_SHARE = 10_000, 5, 0.5  # minor units: whole hundreds
ONE_CARD = 4
GRACE = timedelta(minutes=45)  # the last customer is served after closing time
NEAR = 0.8

RULES: dict[str, Any] = {
    "no_sale": _("Points without a sale: credited, but no purchase stands behind them."),
    "many": _("Many awards by one person: at least 20 in the day, and three times what is usual here."),
    "round": _("Round bills: five bills or more of one person are whole hundreds, and half of theirs."),
    "one_card": _("One card often: four awards or more to the same card in one day."),
    "shut": _("Outside opening hours: more than 45 minutes before opening or after closing."),
    "near": _("Near the limit: one person's adjustments reach 80 percent of what a manager may do in a day."),
}


@dataclass(frozen=True)
class Award:
    """One credit of points, with the sale behind it if there is one."""

    entry_id: int
    at: datetime
    points: int
    by_id: int | None
    by: str
    shop_id: int | None
    number: str  # of the card
    paid: int | None = None
    receipt: str = ""
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """What one rule found about one person or card."""

    rule: str
    who: str
    awards: list[Award] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(award.points for award in self.awards)


@dataclass(frozen=True)
class Report:
    """One day of one merchant."""

    day: date
    awards: int
    findings: list[Finding]


def report_of(merchant: Merchant, day: date) -> Report:
    """Four questions, however many awards; ``day`` is the day of the merchant's first shop."""
    shops = {shop.pk: shop for shop in Shop.objects.of(merchant).order_by("pk")}
    zone = ZoneInfo(next(iter(shops.values())).time_zone if shops else settings.HOME_TIME_ZONE)
    start = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    sold = list(_with_a_sale(merchant, start, end))
    others = list(_without_a_sale(merchant, start, end))
    loose = [award for kind, award in others if kind == EntryKind.EARNED]
    adjusted = [award for kind, award in others if kind == EntryKind.ADJUSTED]
    found = [
        *_by_person("no_sale", loose),
        *_many(merchant, [*sold, *loose], start),
        *_round(sold),
        *_one_card([*sold, *loose]),
        *_by_person("shut", [award for award in [*sold, *loose] if _is_shut(award, shops)]),
        *_near(adjusted),
    ]
    return Report(day, len(sold) + len(loose), found)


def _with_a_sale(merchant: Merchant, start: datetime, end: datetime) -> Iterator[Award]:
    sales = Purchase.objects.of(merchant).standing().filter(made_at__gte=start, made_at__lt=end)
    for sale in sales.exclude(entry=None).select_related("card", "by").order_by("made_at", "pk"):
        yield Award(
            entry_id=sale.entry_id or 0,
            at=sale.made_at,
            points=sale.points,
            by_id=sale.by_id,
            by=sale.by.says(),
            shop_id=sale.shop_id,
            number=sale.card.number if sale.card else "",
            paid=sale.paid,
            receipt=sale.token,
        )


def _without_a_sale(merchant: Merchant, start: datetime, end: datetime) -> Iterator[tuple[str, Award]]:
    """Kind of entry and award; what was taken back the same way is nobody's gain."""
    entries = Entry.objects.without_a_sale(merchant).filter(created_at__gte=start, created_at__lt=end)
    points = entries.filter(account__kind=ValueKind.POINTS, reversed_by=None)
    found = points.select_related("account__card", "by").order_by("created_at", "pk")
    return ((entry.kind, _award(entry)) for entry in found)


def _award(entry: Entry) -> Award:
    return Award(
        entry_id=entry.pk,
        at=entry.created_at,
        points=entry.amount,
        by_id=entry.by_id,
        by=entry.by.says() if entry.by else "",
        shop_id=entry.shop_id,
        number=entry.account.card.number,
        note=entry.note,
    )


def _grouped(awards: list[Award], by: Callable[[Award], Any]) -> dict[Any, list[Award]]:
    groups: dict[Any, list[Award]] = defaultdict(list)
    for award in awards:
        groups[by(award)].append(award)
    return groups


def _by_person(rule: str, awards: list[Award]) -> Iterator[Finding]:
    for theirs in _grouped(awards, lambda award: award.by_id).values():
        yield Finding(rule, theirs[0].by, theirs)


def _many(merchant: Merchant, awards: list[Award], start: datetime) -> Iterator[Finding]:
    usual = _usual(merchant, start)
    for theirs in _grouped(awards, lambda award: award.by_id).values():
        if len(theirs) >= MANY and len(theirs) > TIMES_THE_USUAL * usual:
            yield Finding("many", theirs[0].by, theirs)


def _usual(merchant: Merchant, start: datetime) -> float:
    """Awards of one person on a day with any, on average over four weeks; 0 in a shop's first days."""
    sales = Purchase.objects.of(merchant).filter(
        made_at__gte=start - timedelta(days=USUAL_DAYS), made_at__lt=start
    )
    days = sales.order_by().values("by", day=TruncDate("made_at")).annotate(number=Count("pk"))
    numbers = [row["number"] for row in days]
    return sum(numbers) / len(numbers) if numbers else 0


def _round(sold: list[Award]) -> Iterator[Finding]:
    for theirs in _grouped(sold, lambda award: award.by_id).values():
        even = [award for award in theirs if award.paid and award.paid % ROUND == 0]
        if len(even) >= ROUND_BILLS and len(even) >= ROUND_SHARE * len(theirs):
            yield Finding("round", theirs[0].by, even)


def _one_card(awards: list[Award]) -> Iterator[Finding]:
    for number, theirs in _grouped(awards, lambda award: award.number).items():
        if number and len(theirs) >= ONE_CARD:
            yield Finding("one_card", number, theirs)


def _is_shut(award: Award, shops: dict[int, Shop]) -> bool:
    """A shop that says no hours is never shut."""
    shop = shops.get(award.shop_id or 0)
    if shop is None or not shop.hours:
        return False
    return not any(
        (now := opening(shop.hours, shop.time_zone, moment, shop.special)).opens_at and now.opens_at <= moment
        for moment in (award.at - GRACE, award.at, award.at + GRACE)
    )


def _near(adjusted: list[Award]) -> Iterator[Finding]:
    for theirs in _grouped(adjusted, lambda award: award.by_id).values():
        if sum(abs(award.points) for award in theirs) >= NEAR * settings.MANAGER_ADJUSTS_A_DAY:
            yield Finding("near", theirs[0].by, theirs)
