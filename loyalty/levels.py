"""Who stands where by the rows: one question for the preview, the nightly sweep and the recount.

The judgement of one card stands in the database (``loyalty_settle``,
``migrations/0007_functions_of_levels.py``), because a sale settles its card in its own statement; here is the
same reckoning for a whole membership at once, under a rule that may not be saved yet.
"""

import calendar
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Card, Level, LevelRule, Metric, WindowKind
from loyalty.words import why_in_words
from portal.kernel.dates import day
from portal.kernel.money import format_money


def window_opens(kind: str, months: int, moment: datetime, zone: str) -> datetime | None:
    """The first instant that counts; None when everything does. Days begin at midnight in ``zone``."""
    place = ZoneInfo(zone)
    today = moment.astimezone(place).date()
    if kind == WindowKind.LIFETIME:
        return None
    if kind == WindowKind.CALENDAR:
        return datetime.combine(today.replace(month=1, day=1), time.min, tzinfo=place)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.combine(date(year, month + 1, min(today.day, last)), time.min, tzinfo=place)


LONGEST_GIFT = timedelta(days=400)


@dataclass(frozen=True)
class Mover:
    """A card whose rows earn another level than it holds. ``given``: held by the shop's decision."""

    card_id: int
    held: int
    due: int
    reached: int
    given: bool


@dataclass(frozen=True)
class Movers:
    """How many would rise and how many would fall back after notice; the first of them by name."""

    up: int
    down: int
    some: list[Mover]


_DUE = """
WITH steps AS (
    SELECT * FROM unnest(%(ranks)s::int[], %(thresholds)s::bigint[]) AS step(rank, threshold)
), reached AS (
    SELECT c.id AS card, coalesce(sum(
        CASE %(metric)s WHEN 'amount' THEN k.amount WHEN 'visits' THEN k.visits ELSE k.points END
    ), 0)::bigint AS reached
    FROM loyalty_card c LEFT JOIN loyalty_consumption k ON k.card_id = c.id
        AND (%(opens)s::timestamptz IS NULL OR k.at >= %(opens)s) AND k.at <= %(moment)s
    WHERE c.programme_id = %(programme)s GROUP BY c.id
), standing AS (
    SELECT r.card, r.reached, coalesce(l.rank, 0) AS held, coalesce(s.ground = 'granted', false) AS given,
        (SELECT max(step.rank) FROM steps step WHERE step.threshold <= r.reached) AS due
    FROM reached r LEFT JOIN loyalty_standing s ON s.card_id = r.card
    LEFT JOIN loyalty_level l ON l.id = s.level_id
), movers AS (
    SELECT * FROM standing WHERE due > held OR (due < held AND NOT given)
)
SELECT card, held, due, reached, given,
       count(*) FILTER (WHERE due > held) OVER () AS up, count(*) FILTER (WHERE due < held) OVER () AS down
FROM movers ORDER BY due > held DESC, abs(due - held) DESC, reached DESC, card LIMIT %(limit)s
"""


def who_would_move(
    rule: LevelRule, levels: Sequence[Level], *, moment: datetime, limit: int | None = 20
) -> Movers:
    """The cards that another level is due to under this rule, saved or not: one SQL."""
    steps = [(level.rank, level.threshold) for level in levels if level.is_on]
    asked = {
        "ranks": [rank for rank, _from in steps],
        "thresholds": [threshold for _rank, threshold in steps],
        "metric": rule.metric,
        "opens": window_opens(rule.window, rule.months, moment, rule.time_zone),
        "moment": moment,
        "programme": rule.programme_id,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, asked)
        rows = cursor.fetchall()
    up, down = rows[0][5:] if rows else (0, 0)
    return Movers(up, down, [Mover(*row[:5]) for row in rows])


@dataclass(frozen=True)
class Progress:
    """Where a card stands and what is missing to the next level; ``by`` is the last day that counts."""

    level: Level
    reached: int
    next: Level | None
    missing: int
    metric: str
    by: date | None
    months: int | None  # of a rolling window
    until: date | None
    falls_on: date | None
    ground: str
    reason: str

    @property
    def words(self) -> str:
        """``¥320 more for Gold by 31 Dec``"""
        if self.next is None:
            return ""
        says = {"missing": self._missing(), "level": self.next.title, "day": day(self.by) if self.by else ""}
        if self.by:
            return _("%(missing)s more for %(level)s by %(day)s") % says
        return _("%(missing)s more for %(level)s") % says

    def _missing(self) -> str:
        if self.metric == Metric.AMOUNT:
            return format_money(self.missing)
        if self.metric == Metric.VISITS:
            return ngettext("%(n)d visit", "%(n)d visits", self.missing) % {"n": self.missing}
        return ngettext("%(n)d point", "%(n)d points", self.missing) % {"n": self.missing}

    @property
    def window_words(self) -> str:
        if self.months:
            says = ngettext("Counted over the last month", "Counted over the last %(n)d months", self.months)
            return says % {"n": self.months}
        return _("Counted in this calendar year") if self.by else _("Counted since the card was issued")


_PROGRESS = """
SELECT to_jsonb(r), (
        SELECT jsonb_agg(to_jsonb(l) ORDER BY l.rank) FROM loyalty_level l
        WHERE l.programme_id = c.programme_id
    ), coalesce(s.level_id, 0), loyalty_reached(c.id, r.metric,
        loyalty_window_opens(r."window", r.months, %(moment)s, r.time_zone), %(moment)s),
    s.until, s.falls_on, coalesce(s.ground, 'earned'), coalesce(s.reason, '')
FROM loyalty_card c JOIN loyalty_levelrule r ON r.programme_id = c.programme_id
LEFT JOIN loyalty_standing s ON s.card_id = c.id
WHERE c.id = %(card)s
"""


def progress_of(card: Card, *, moment: datetime) -> Progress | None:
    """None when the membership has no levels. One question."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"card": card.pk, "moment": moment})
        row = cursor.fetchone()
    if row is None:
        return None
    told, steps, level_id, reached, until, falls_on, ground, reason = row
    rule, levels = json.loads(told), [Level(**step) for step in json.loads(steps)]
    held = next((level for level in levels if level.pk == level_id), levels[0])
    above = [level for level in levels if level.is_on and level.rank > held.rank]
    following = above[0] if above else None
    return Progress(
        level=held,
        reached=reached,
        next=following,
        missing=max(0, following.threshold - reached) if following else 0,
        metric=rule["metric"],
        by=_last_day(rule, moment),
        months=rule["months"] if rule["window"] == WindowKind.ROLLING else None,
        until=until,
        falls_on=falls_on,
        ground=ground,
        reason=why_in_words(reason),
    )


def _last_day(rule: dict[str, Any], moment: datetime) -> date | None:
    if rule["window"] != WindowKind.CALENDAR:
        return None
    return moment.astimezone(ZoneInfo(rule["time_zone"])).date().replace(month=12, day=31)


def today_in(rule: LevelRule, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(rule.time_zone)).date()
