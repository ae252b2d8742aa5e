"""What the cases amount to: how many, how long they took, whether promises were kept; by what one likes.

Ours and those taken in from elsewhere stand in one table here. A case counts on the day on which it was
reported, by the wall clock of its own place.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from complaints.models import PastCase
from complaints.models.survey import LOW, SCORES
from complaints.reason_tree import reason_tree

OURS = "-"  # the source of what was reported here

_CASES = """
    WITH cases AS (
        SELECT c.id, '-' AS source, c.filed_at, c.ended_at, c.merchant_id, c.reason, c.grade,
               k.slug AS category, s.location, (c.filed_at AT TIME ZONE s.time_zone)::date AS filed_on
        FROM complaints_complaint c
        JOIN merchants_shop s ON s.id = c.shop_id
        JOIN merchants_category k ON k.id = s.category_id
        WHERE c.state <> 'duplicate'
        UNION ALL
        SELECT NULL, p.source, p.filed_at, p.ended_at, p.merchant_id, p.reason, '',
               p.category, NULL, (p.filed_at AT TIME ZONE p.time_zone)::date
        FROM complaints_pastcase p
    ), spent AS (
        SELECT complaint_id, sum(worth) FILTER (WHERE state = 'executed') AS worth,
               sum(worth) FILTER (WHERE state = 'promised') AS owed
        FROM complaints_remedy WHERE state IN ('executed', 'promised') GROUP BY 1
    ), chosen AS (
        SELECT cases.*, extract(epoch FROM ended_at - filed_at) / 3600 AS hours, spent.worth, spent.owed
        FROM cases LEFT JOIN spent ON spent.complaint_id = cases.id
        WHERE filed_on >= %(begins)s AND filed_on < %(ends)s
          AND (%(merchant)s::bigint IS NULL OR merchant_id = %(merchant)s)
          AND (%(category)s = '' OR category = %(category)s)
          AND (%(reasons)s::text[] IS NULL OR reason = ANY(%(reasons)s))
          AND (%(source)s = '' OR source = %(source)s)
          AND (%(duties)s::jsonb IS NULL OR EXISTS (
              SELECT 1 FROM jsonb_to_recordset(%(duties)s::jsonb)
                  AS d(reasons text[], lat float8, lon float8, metres float8)
              WHERE (d.reasons IS NULL OR cases.reason = ANY(d.reasons))
                AND (d.lat IS NULL OR ST_DWithin(
                    cases.location, ST_SetSRID(ST_MakePoint(d.lon, d.lat), 4326)::geography, d.metres))
          ))
    )
"""
_MEASURES = """
    count(*), count(ended_at), count(*) - count(ended_at),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY hours),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY hours),
    coalesce(sum(worth), 0)::bigint, coalesce(sum(owed), 0)::bigint
"""


class Grain(models.TextChoices):
    DAY = "day", _("By day")
    WEEK = "week", _("By week")
    MONTH = "month", _("By month")


class Side(models.TextChoices):
    """What the cases can be told apart by, beside time."""

    MERCHANT = "merchant_id", _("Merchant")
    CATEGORY = "category", _("Category")
    REASON = "reason", _("Reason")
    GRADE = "grade", _("Grade")
    SOURCE = "source", _("Source")


@dataclass(frozen=True)
class Scope:
    """Which cases are counted: reported from ``begins`` to before ``ends``, and as narrowed down.

    A reason means all that stands below it, too.
    """

    begins: date
    ends: date
    grain: str = Grain.MONTH
    merchant: int | None = None
    category: str = ""
    reason: str = ""
    source: str = ""
    duties: str | None = None  # of who reads it, see duties.py

    def values(self) -> dict[str, Any]:
        return {
            "begins": self.begins,
            "ends": self.ends,
            "merchant": self.merchant,
            "category": self.category,
            "reasons": reason_tree().subtree(self.reason) if self.reason else None,
            "source": self.source,
            "duties": self.duties,
        }


@dataclass(frozen=True)
class Measured:
    """So many cases; the hours from the report to the end within which half and nine of ten ended.

    ``worth`` and ``owed`` in minor units: what the remedies that were done cost, and what is promised still.
    """

    key: Any
    filed: int
    ended: int
    open: int
    half: float | None
    most: float | None
    worth: int = 0
    owed: int = 0


@dataclass(frozen=True)
class Kept:
    """How one kind of promise was kept. ``running`` ones are neither kept nor broken so far."""

    kind: str
    kept: int
    late: int
    running: int

    @property
    def share(self) -> float | None:
        return self.kept / (self.kept + self.late) if self.kept + self.late else None


@dataclass(frozen=True)
class Answers:
    """What people said of how it went; ``mean`` is of those who answered."""

    asked: int
    answered: int
    mean: float | None
    low: int
    by_score: dict[int, int]


def whole(scope: Scope) -> Measured:
    return Measured(None, *rows_of(f"SELECT {_MEASURES} FROM chosen", scope)[0])  # noqa: S608 - columns of ours


def by_period(scope: Scope) -> list[Measured]:
    """Each period of the scope, also those in which nothing was reported."""
    bucket = f"date_trunc('{Grain(scope.grain).value}', filed_on)::date"
    rows = rows_of(f"SELECT {bucket}, {_MEASURES} FROM chosen GROUP BY 1 ORDER BY 1", scope)  # noqa: S608 - a word of ours
    found = {row[0]: Measured(*row) for row in rows}
    return [found.get(day, Measured(day, 0, 0, 0, None, None)) for day in periods(scope)]


def by(side: str, scope: Scope, *, at_most: int = 20) -> list[Measured]:
    """The largest parts first; of equals the one whose name sorts first."""
    column = Side(side).value
    sql = f"SELECT {column}, {_MEASURES} FROM chosen GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s"  # noqa: S608
    return [Measured(*row) for row in rows_of(sql, scope, most=at_most)]


def timeliness(scope: Scope) -> list[Kept]:
    """Of the promises made about our own cases; a clock that stands still is not late."""
    sql = """
        SELECT k.kind, count(*) FILTER (WHERE k.ended_at <= k.due_at),
               count(*) FILTER (WHERE k.ended_at > k.due_at
                                OR k.ended_at IS NULL AND k.paused_at IS NULL AND k.due_at < now()),
               count(*) FILTER (WHERE k.ended_at IS NULL
                                AND (k.paused_at IS NOT NULL OR k.due_at >= now()))
        FROM chosen JOIN complaints_clock k ON k.complaint_id = chosen.id
        GROUP BY 1 ORDER BY 1
    """
    return [Kept(*row) for row in rows_of(sql, scope)]


def satisfaction(scope: Scope) -> Answers:
    """What people said of how we handled the cases of the scope."""
    sql = """
        SELECT count(*), count(u.score), avg(u.score)::float, count(*) FILTER (WHERE u.score <= %(low)s),
               array_agg(u.score) FILTER (WHERE u.score IS NOT NULL)
        FROM chosen JOIN complaints_survey u ON u.complaint_id = chosen.id
    """
    asked, answered, mean, low, scores = rows_of(sql, scope, low=LOW)[0]
    return Answers(asked, answered, mean, low, {score: (scores or []).count(score) for score in SCORES})


def sources() -> list[str]:
    """Where old cases came from."""
    return list(PastCase.objects.order_by("source").values_list("source", flat=True).distinct())


def periods(scope: Scope) -> list[date]:
    """The first days of the periods, as PostgreSQL cuts them: weeks begin on Monday."""
    day, days = _first(scope.begins, scope.grain), []
    while day < scope.ends:
        days.append(day)
        day = _first(day + timedelta(days={"day": 1, "week": 7, "month": 31}[scope.grain]), scope.grain)
    return days


def month_of(day: date) -> Scope:
    """The whole month in which the day lies, told by day."""
    begins = day.replace(day=1)
    return Scope(begins, _first(begins + timedelta(days=31), Grain.MONTH), Grain.DAY)


def before(scope: Scope) -> Scope:
    """The same length of time just before, to compare with."""
    if scope.begins.day == 1 and scope.ends.day == 1 and scope.ends - scope.begins <= timedelta(days=31):
        return replace(scope, begins=(scope.begins - timedelta(days=1)).replace(day=1), ends=scope.begins)
    return replace(scope, begins=scope.begins - (scope.ends - scope.begins), ends=scope.begins)


def _first(day: date, grain: str) -> date:
    if grain == Grain.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if grain == Grain.WEEK else day


def rows_of(sql: str, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    """What is asked of ``chosen``, the cases of the scope."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES + sql, {**scope.values(), **more})
        return cursor.fetchall()
