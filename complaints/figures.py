"""What the cases amount to: how many, how long they took, whether promises were kept; by what one likes.

Ours and those taken in from elsewhere stand in one table here. A case counts on the day on which it was
reported, by the wall clock of its own place.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from complaints.models import PastCase
from complaints.models.survey import LOW, SCORES
from complaints.reasons.tree import reason_tree

OURS = "-"  # the source of what was reported here

#: Two days more on either side than any zone's wall clock can differ: told apart before it is read.
_CASES = """
    WITH cases AS (
        SELECT c.id, '-' AS source, c.filed_at, c.ended_at, c.merchant_id, c.reason, c.grade,
               k.slug AS category, s.location, (c.filed_at AT TIME ZONE s.time_zone)::date AS filed_on
        FROM complaints_complaint c
        JOIN merchants_shop s ON s.id = c.shop_id
        JOIN merchants_category k ON k.id = s.category_id
        WHERE c.state <> 'duplicate'
          AND c.filed_at >= %(begins)s::date - 2 AND c.filed_at < %(ends)s::date + 2
        UNION ALL
        SELECT NULL, p.source, p.filed_at, p.ended_at, p.merchant_id, p.reason, '',
               p.category, NULL, (p.filed_at AT TIME ZONE p.time_zone)::date
        FROM complaints_pastcase p
        WHERE p.filed_at >= %(begins)s::date - 2 AND p.filed_at < %(ends)s::date + 2
    ), spent AS (
        SELECT complaint_id, sum(worth) FILTER (WHERE state = 'executed') AS worth,
               sum(worth) FILTER (WHERE state = 'promised') AS owed
        FROM complaints_remedy WHERE state IN ('executed', 'promised') GROUP BY 1
    ), chosen AS MATERIALIZED (
        SELECT cases.id, source, merchant_id, reason, grade, category, filed_on, ended_at,
               date_trunc(%(grain)s, filed_on::timestamp)::date AS period,
               (extract(epoch FROM ended_at - filed_at) / 3600)::float8 AS hours, spent.worth, spent.owed
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
            "grain": Grain(self.grain).value,
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


@dataclass(frozen=True)
class Parts:
    """The cases of a scope: all, by the periods in which some were reported, and by each side."""

    whole: Measured
    periods: list[Measured]
    sides: dict[str, list[Measured]]

    def each_period(self, scope: Scope) -> list[Measured]:
        """Each period of the scope, also those in which nothing was reported."""
        found = {date.fromisoformat(one.key): one for one in self.periods}
        none = Measured(None, 0, 0, 0, None, None)
        return [replace(found.get(day, none), key=day) for day in periods(scope)]


@dataclass(frozen=True)
class Question:
    """SQL over ``chosen``, the cases of the scope, that gives JSON arrays; and what is made of these."""

    sql: str
    read: Callable[[list[list[Any]]], Any]


def asked(scope: Scope, *questions: Question) -> list[Any]:
    """The answer to each: one statement, so that the cases are looked up and kept once for all."""
    told = [
        f"SELECT {place}, coalesce(json_agg(told), '[]')::text FROM ({question.sql}) AS asked(told)"  # noqa: S608 - SQL of ours
        for place, question in enumerate(questions)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CASES + " UNION ALL ".join(told), scope.values())
        found = dict(cursor.fetchall())
    return [question.read(json.loads(found[place])) for place, question in enumerate(questions)]


def parts(*sides: str, at_most: int = 20) -> Question:
    """The largest parts of each side first; of equals the one whose name sorts first."""
    columns = ["period", *(Side(side).value for side in sides)]
    sets, listed = ", ".join(f"({column})" for column in columns), ", ".join(columns)
    sql = f"""
        SELECT json_build_array(side, key, filed, ended, filed - ended, hours[1], hours[2], worth, owed)
        FROM (
            SELECT CASE {_when(columns, "'{0}'")} ELSE '' END AS side,
                   CASE {_when(columns, "to_json({0})")} END AS key,
                   count(*) AS filed, count(ended_at) AS ended,
                   percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY hours) AS hours,
                   coalesce(sum(worth), 0)::bigint AS worth, coalesce(sum(owed), 0)::bigint AS owed,
                   row_number() OVER (PARTITION BY grouping({listed})
                                      ORDER BY count(*) DESC, {listed}) AS place
            FROM chosen GROUP BY GROUPING SETS ((), {sets})
        ) AS measured
        WHERE side IN ('', 'period') OR place <= {at_most:d}
        ORDER BY side, place
    """  # noqa: S608 - columns of ours
    return Question(sql, lambda rows: _parts(rows, sides))


def _when(columns: list[str], then: str) -> str:
    return " ".join(f"WHEN grouping({column}) = 0 THEN {then.format(column)}" for column in columns)


def _parts(rows: list[list[Any]], sides: Iterable[str]) -> Parts:
    found: dict[str, list[Measured]] = {}
    for side, *measured in rows:
        found.setdefault(side, []).append(Measured(*measured))
    return Parts(found[""][0], found.get("period", []), {side: found.get(side, []) for side in sides})


def whole(scope: Scope) -> Measured:
    return asked(scope, parts())[0].whole


def by_period(scope: Scope) -> list[Measured]:
    return asked(scope, parts())[0].each_period(scope)


def by(side: str, scope: Scope, *, at_most: int = 20) -> list[Measured]:
    return asked(scope, parts(side, at_most=at_most))[0].sides[side]


#: Of the promises made about our own cases; a clock that stands still is not late.
TIMELINESS = Question(
    """
        SELECT json_build_array(k.kind, count(*) FILTER (WHERE k.ended_at <= k.due_at),
               count(*) FILTER (WHERE k.ended_at > k.due_at
                                OR k.ended_at IS NULL AND k.paused_at IS NULL AND k.due_at < now()),
               count(*) FILTER (WHERE k.ended_at IS NULL
                                AND (k.paused_at IS NOT NULL OR k.due_at >= now())))
        FROM chosen JOIN complaints_clock k ON k.complaint_id = chosen.id
        GROUP BY k.kind ORDER BY k.kind
    """,
    lambda rows: [Kept(*row) for row in rows],
)


def _answers(asked: int, answered: int, mean: float | None, low: int, *by_score: int) -> Answers:
    return Answers(asked, answered, mean, low, dict(zip(SCORES, by_score, strict=True)))


#: What people said of how we handled the cases of the scope.
SATISFACTION = Question(
    f"""
        SELECT json_build_array(count(*), count(u.score), avg(u.score)::float,
               count(*) FILTER (WHERE u.score <= {LOW}),
               {", ".join(f"count(*) FILTER (WHERE u.score = {score})" for score in SCORES)})
        FROM chosen JOIN complaints_survey u ON u.complaint_id = chosen.id
    """,  # noqa: S608 - numbers of ours
    lambda rows: _answers(*rows[0]),
)


def timeliness(scope: Scope) -> list[Kept]:
    return asked(scope, TIMELINESS)[0]


def satisfaction(scope: Scope) -> Answers:
    return asked(scope, SATISFACTION)[0]


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
