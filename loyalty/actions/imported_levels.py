"""Levels that an old list brings along: what its names mean, given and taken back some hundred at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from loyalty.actions.giving import NoLevels, judge_end
from loyalty.actions.importing import CHECK, _held, _set_to_work
from loyalty.actions.levels import settle
from loyalty.levels import today_in
from loyalty.models import ImportRow, ImportState, LevelMove, LevelRule, MemberImport
from loyalty.words import IMPORTED
from portal.kernel.models import User


@transaction.atomic
def choose_levels(
    batch: MemberImport, *, ranks: dict[str, int], until: date, by: User, moment: datetime | None = None
) -> MemberImport:
    """What the names of levels on the list mean, 0 for nothing, and the last day of what is given. All rows
    are looked through once more, so that what is shown is what comes."""
    batch = _held(batch, ImportState.CHECKED)
    rule = LevelRule.objects.filter(programme__merchant=batch.merchant_id).first()
    if rule is None:
        raise NoLevels
    judge_end(rule, until, moment or timezone.now())
    batch.levels = {
        name: said | {"rank": ranks.get(name, said["rank"])} for name, said in batch.levels.items()
    }
    batch.level_until = until
    return _set_to_work(batch, ImportState.CHECKING, CHECK, by)


_STAND = """
INSERT INTO loyalty_standing (merchant_id, card_id, level_id, ground, reason, since)
SELECT l.merchant_id, card, l.id, 'earned', '', %(moment)s
FROM unnest(%(cards)s::bigint[]) AS card CROSS JOIN loyalty_level l
WHERE l.programme_id = %(programme)s AND l.rank = 0
ORDER BY card ON CONFLICT (card_id) DO NOTHING
"""

# Where each card stood is kept with the row that lifts it; a sale may have lifted it higher meanwhile.
_GIVE = """
WITH held AS (
    SELECT asked.row_id, asked.key, s.*, l.id AS given_id, l.threshold, u.user_id
    FROM unnest(%(rows)s::bigint[], %(cards)s::bigint[], %(ranks)s::int[], %(keys)s::uuid[])
        AS asked (row_id, card_id, rank, key)
    JOIN loyalty_standing s ON s.card_id = asked.card_id
    JOIN loyalty_level was ON was.id = s.level_id
    JOIN loyalty_level l ON l.programme_id = %(programme)s AND l.rank = asked.rank AND l.is_on
    JOIN loyalty_card c ON c.id = asked.card_id JOIN merchants_customer u ON u.id = c.customer_id
    WHERE l.rank > was.rank
    ORDER BY s.card_id FOR NO KEY UPDATE OF s
), kept AS (
    UPDATE loyalty_importrow r SET stood = jsonb_build_object(
        'level', h.level_id, 'ground', h.ground, 'reason', h.reason, 'since', h.since,
        'until', h.until, 'falls_on', h.falls_on, 'noticed_on', h.noticed_on)
    FROM held h WHERE r.id = h.row_id
), moved AS (
    INSERT INTO loyalty_levelmove (merchant_id, card_id, was_id, now_id, kind, metric, reached, threshold,
                                   reason, until, key, by_id, at, told_at)
    SELECT h.merchant_id, h.card_id, h.level_id, h.given_id, 'granted', %(metric)s, 0, h.threshold,
           %(reason)s, %(until)s, h.key, %(by)s, %(moment)s,
           CASE WHEN h.user_id IS NULL THEN %(moment)s::timestamptz END
    FROM held h ORDER BY h.card_id
)
UPDATE loyalty_standing s
SET level_id = h.given_id, ground = 'granted', reason = %(reason)s, since = %(moment)s, until = %(until)s,
    falls_on = NULL, noticed_on = NULL
FROM held h WHERE s.id = h.id RETURNING h.row_id
"""


def give_levels(batch: MemberImport, lifted: Sequence[tuple[ImportRow, UUID]], moment: datetime) -> None:
    """Lift the cards of these rows until the import's last day, each step with its key. A card never falls
    by it; whose holder can't be told isn't kept as somebody to tell."""
    rule = LevelRule.objects.filter(programme=batch.merchant.programme).first() if lifted else None
    given: set[int] = set()
    if rule and batch.level_until and batch.level_until > today_in(rule, moment):
        asked: dict[str, Any] = {
            "rows": [row.pk for row, _key in lifted],
            "cards": [row.card_id for row, _key in lifted],
            "ranks": [row.rank for row, _key in lifted],
            "keys": [key for _row, key in lifted],
            "programme": rule.programme_id,
            "metric": rule.metric,
            "reason": IMPORTED,
            "until": batch.level_until,
            "by": batch.confirmed_by_id,
            "moment": moment,
        }
        with connection.cursor() as cursor:
            cursor.execute(_STAND, asked)
            cursor.execute(_GIVE, asked)
            given = {row_id for (row_id,) in cursor.fetchall()}
    if passed := [row.pk for row, _key in lifted if row.pk not in given]:
        ImportRow.objects.filter(pk__in=passed).update(rank=0)


def moved_since(batch: MemberImport, steps: dict[int | None, UUID]) -> set[int]:
    """Card → key of the step that lifted it: the cards whose level has moved again after that step."""
    if not steps:
        return set()
    moves = LevelMove.objects.filter(card__in=list(steps), at__gte=batch.confirmed_at)
    return set(moves.exclude(key__in=list(steps.values())).values_list("card", flat=True))


_TAKE_BACK = """
WITH held AS (
    SELECT asked.key, s.id, s.merchant_id, s.card_id, s.level_id, r.stood, l.id AS was_id,
           l.threshold, u.user_id, r.stood ->> 'ground' = 'granted' AS was_given
    FROM unnest(%(rows)s::bigint[], %(keys)s::uuid[]) AS asked (row_id, key)
    JOIN loyalty_importrow r ON r.id = asked.row_id JOIN loyalty_standing s ON s.card_id = r.card_id
    JOIN loyalty_level l ON l.id = (r.stood ->> 'level')::bigint
    JOIN loyalty_card c ON c.id = r.card_id JOIN merchants_customer u ON u.id = c.customer_id
    ORDER BY s.card_id FOR NO KEY UPDATE OF s
), moved AS (
    INSERT INTO loyalty_levelmove (merchant_id, card_id, was_id, now_id, kind, metric, reached, threshold,
                                   reason, until, key, by_id, at, told_at)
    SELECT h.merchant_id, h.card_id, h.level_id, h.was_id,
           CASE WHEN h.was_given THEN 'granted' ELSE 'taken' END, %(metric)s, 0, h.threshold,
           h.stood ->> 'reason', (h.stood ->> 'until')::date, h.key, %(by)s, %(moment)s,
           CASE WHEN h.user_id IS NULL THEN %(moment)s::timestamptz END
    FROM held h ORDER BY h.card_id
)
UPDATE loyalty_standing s
SET level_id = h.was_id, ground = h.stood ->> 'ground', reason = h.stood ->> 'reason',
    since = (h.stood ->> 'since')::timestamptz, until = (h.stood ->> 'until')::date,
    falls_on = (h.stood ->> 'falls_on')::date, noticed_on = (h.stood ->> 'noticed_on')::date
FROM held h WHERE s.id = h.id RETURNING s.card_id
"""


def take_levels_back(batch: MemberImport, fallen: Sequence[tuple[ImportRow, UUID]], moment: datetime) -> None:
    """The cards of these rows stand again where they stood; the history keeps both steps. Thresholds may
    have been lowered meanwhile: what was earned by them is theirs."""
    rule = LevelRule.objects.filter(programme__merchant=batch.merchant_id).first() if fallen else None
    if rule is None:
        return
    asked: dict[str, Any] = {
        "rows": [row.pk for row, _key in fallen],
        "keys": [key for _row, key in fallen],
        "metric": rule.metric,
        "by": batch.undone_by_id,
        "moment": moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, asked)
        cards = [card for (card,) in cursor.fetchall()]
    settle(cards, moment, nightly=False)
