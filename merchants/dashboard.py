"""What waits for our staff among merchants, and how the listings stand: a fixed number of questions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Min, Q, Value
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.models import Correction, DuplicatePair, ListingClaim, Merchant, Shop, Suspension
from merchants.models.claim import OVERDUE_AFTER
from merchants.trust.completeness import complete
from merchants.trust.freshness import Freshness, confirmed_within
from merchants.trust.queues import OWNER_HAS, for_staff
from portal.kernel.dates import day, span
from portal.kernel.models import User

WEEKS = 8
LEVELS = ((0, 50), (50, 75), (75, 90), (90, 101))  # percent complete, from and below
FRESH = {
    Freshness.FRESH: gettext_lazy("Confirmed within half a year"),
    Freshness.AGEING: gettext_lazy("Within a year"),
    Freshness.STALE: gettext_lazy("Longer ago"),
    Freshness.UNKNOWN: gettext_lazy("Never"),
}


@dataclass(frozen=True)
class Tile:
    """One queue: how many wait, for how long the oldest does, and its saved filters with their counts."""

    title: str
    href: str
    waiting: int
    oldest: str
    filters: tuple[tuple[str, str, int], ...] = ()


def tiles(user: User, moment: datetime) -> list[Tile]:
    """The queues that the person may see."""
    makers = {
        "merchants.view_listingclaim": _claims,
        "merchants.view_correction": _corrections,
        "merchants.view_duplicatepair": _duplicates,
        "merchants.view_suspension": _suspended,
    }
    return [make(moment) for permission, make in makers.items() if user.has_perm(permission)]


def _tile(
    title: str, page: str, query: str, found: dict[str, Any], moment: datetime, **names: tuple[str, str]
) -> Tile:
    base = reverse(f"admin:merchants_{page}_changelist")
    filters = tuple((label, f"{base}?{where}", found[name]) for name, (label, where) in names.items())
    oldest = span(moment - found["oldest"]) if found["oldest"] else ""
    return Tile(title, f"{base}{query}", found["waiting"], oldest, filters)


def _claims(moment: datetime) -> Tile:
    late = Q(created_at__lt=moment - OVERDUE_AFTER)
    found = ListingClaim.objects.waiting().aggregate(
        waiting=Count("pk"),
        oldest=Min("created_at"),
        overdue=Count("pk", filter=late),
        disputes=Count("pk", filter=Q(against__isnull=False)),
        proved=Count("pk", filter=Q(proved_at__isnull=False)),
    )
    return _tile(
        _("Claims to listings"),
        "listingclaim",
        "?state__exact=waiting",
        found,
        moment,
        overdue=(_("Overdue"), "queue=overdue"),
        disputes=(_("Disputes"), "queue=disputes"),
        proved=(_("Answered the listing’s phone"), "queue=proved"),
    )


def _corrections(moment: datetime) -> Tile:
    found = for_staff(Correction.objects.all(), moment).aggregate(
        waiting=Count("pk"),
        oldest=Min("created_at"),
        overdue=Count("pk", filter=Q(created_at__lt=moment - OWNER_HAS)),
    )
    overdue = (_("Overdue"), "queue=overdue")
    return _tile(_("Corrections"), "correction", "", found, moment, overdue=overdue)


def _duplicates(moment: datetime) -> Tile:
    found = DuplicatePair.objects.waiting().aggregate(
        waiting=Count("pk"),
        oldest=Min("found_at"),
        likely=Count("pk", filter=Q(score__gte=80)),
        reported=Count("pk", filter=Q(is_reported=True)),
    )
    return _tile(
        _("Likely duplicates"),
        "duplicatepair",
        "",
        found,
        moment,
        likely=(_("Very likely"), "queue=likely"),
        reported=(_("Reported by visitors"), "queue=reported"),
    )


def _suspended(moment: datetime) -> Tile:
    found = Suspension.objects.standing().aggregate(waiting=Count("pk"), oldest=Min("since"))
    return _tile(_("Suspended"), "suspension", "?lifted_at__isempty=1", found, moment)


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    most: int


def new_merchants(moment: datetime) -> list[Bar]:
    """Per week, the latest eight, weeks without one among them."""
    this_week = _monday(timezone.localdate(moment))
    since = this_week - timedelta(weeks=WEEKS - 1)
    counted = (
        Merchant.objects.filter(created_at__gte=moment - timedelta(weeks=WEEKS + 1))
        .annotate(week=TruncWeek("created_at"))
        .values("week")
        .annotate(count=Count("pk"))
        .values_list("week", "count")
    )
    known = {week.date(): count for week, count in counted}
    weeks = [since + timedelta(weeks=n) for n in range(WEEKS)]
    return _bars([(day(week), known.get(week, 0)) for week in weeks])


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def listings(moment: datetime) -> tuple[list[Bar], list[Bar]]:
    """Listed shops by completeness and by freshness, in one question that weighs each shop once."""
    floors = [low for low, _high in LEVELS[1:]]
    level = Func(F("full"), Value(floors), function="width_bucket", output_field=IntegerField())
    grades = {
        grade.value: Count("pk", filter=Q(**where)) for grade, where in confirmed_within(moment).items()
    }
    weighed = Shop.objects.listed().annotate(full=complete()).annotate(level=level).values("level")
    found: list[Any] = list(weighed.annotate(shops=Count("pk"), **grades))
    shops = {row["level"]: row["shops"] for row in found}
    by_level = [(f"{low}–{min(high, 100)} %", shops.get(n, 0)) for n, (low, high) in enumerate(LEVELS)]
    by_grade = [(str(words), sum(row[grade.value] for row in found)) for grade, words in FRESH.items()]
    return _bars(by_level), _bars(by_grade)


def _bars(rows: list[tuple[str, int]]) -> list[Bar]:
    most = max([count for _label, count in rows] + [1])
    return [Bar(label, count, most) for label, count in rows]
