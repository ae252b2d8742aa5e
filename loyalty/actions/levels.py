"""Levels: the rule set, what a sale counts, a level given by hand, and the nightly sweep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.events import LevelMoved, LevelWillFall
from loyalty.levels import today_in, who_would_move
from loyalty.models import (
    Card,
    Consumption,
    Ground,
    Level,
    LevelMove,
    LevelRule,
    Programme,
    Standing,
)
from merchants.models import Merchant, Shop
from portal.kernel.db import Statement, insertion, retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

OLD_NEWS = timedelta(days=2)


class StepsOutOfOrder(Refused):
    sentence = _("Each level asks for more than the one below it. Check %(name)s.")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One level as the merchant wants it from now on; ``threshold`` None switches it off."""

    rank: int
    name: str
    name_en: str = ""
    threshold: int | None
    discount: int = 0
    multiplier: int = 100
    privileges: str = ""


@transaction.atomic
def set_levels(
    programme: Programme,
    steps: Sequence[Step],
    *,
    by: User,
    metric: str,
    window: str,
    months: int = 12,
    grace_days: int = 30,
    moment: datetime | None = None,
) -> LevelRule:
    """From now on these are the levels. Who has earned a higher one gets it at once; who has not
    earned what they hold keeps it for notice and grace. What was moved before stays as it is.
    """
    moment = moment or timezone.now()
    rule, levels = drafted(
        programme, steps, metric=metric, window=window, months=months, grace_days=grace_days
    )
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    fields = ("metric", "window", "months", "grace_days")
    rule, _made = LevelRule.objects.update_or_create(
        programme=programme,
        defaults={field: getattr(rule, field) for field in fields},
        create_defaults={"merchant_id": programme.merchant_id, "time_zone": rule.time_zone}
        | {field: getattr(rule, field) for field in fields},
    )
    kept = {level.rank: level for level in Level.objects.of(programme)}
    for level in levels:
        level.pk = kept[level.rank].pk if level.rank in kept else None
        level._state.adding = level.pk is None
        level.save()
    Level.objects.of(programme).exclude(rank__in=[level.rank for level in levels]).update(is_on=False)
    movers = who_would_move(rule, levels, moment=moment, limit=None)
    settle([mover.card_id for mover in movers.some if mover.due > mover.held], moment, nightly=False)
    return rule


def drafted(
    programme: Programme, steps: Sequence[Step], *, metric: str, window: str, months: int, grace_days: int
) -> tuple[LevelRule, list[Level]]:
    """The rule and levels as they would be saved, checked. Raises StepsOutOfOrder."""
    rule = LevelRule(
        merchant_id=programme.merchant_id,
        programme=programme,
        metric=metric,
        window=window,
        months=months,
        grace_days=grace_days,
        time_zone=programme.merchant.zone,
    )
    levels, last = [], -1
    for step in sorted(steps, key=lambda step: step.rank):
        is_on = step.threshold is not None
        if is_on and (step.threshold or 0) <= last:
            raise StepsOutOfOrder(name=step.name)
        last = (step.threshold or 0) if is_on else last
        levels.append(_level(programme, step, is_on))
    return rule, levels


def _level(programme: Programme, step: Step, is_on: bool) -> Level:
    return Level(
        merchant_id=programme.merchant_id,
        programme=programme,
        rank=step.rank,
        name=step.name,
        name_en=step.name_en,
        threshold=step.threshold or 0,
        discount=step.discount,
        multiplier=step.multiplier,
        privileges=step.privileges,
        is_on=is_on,
    )


def counted(card: Card, *, paid: int, points: int, shop: Shop, key: UUID, moment: datetime) -> Statement:
    """What a sale counts towards the card's level, as a statement of the sale's own round trip.

    ``paid`` in minor units; ``key`` is the sale's. The row's trigger moves the card up at once.
    """
    row = Consumption(
        merchant_id=card.merchant_id, card=card, shop=shop, amount=paid, points=points, key=key, at=moment
    )
    return insertion([row])


@transaction.atomic
def take_back_counted(merchant: Merchant, *, key: UUID) -> None:
    """The sale ``key`` is undone: it no longer counts, and a level that hung on it goes with it."""
    row = Consumption.objects.filter(merchant=merchant, key=key, reversed_by=None).first()
    if row is None:
        return
    Consumption.objects.create(
        merchant_id=row.merchant_id,
        card_id=row.card_id,
        shop_id=row.shop_id,
        amount=-row.amount,
        visits=-row.visits,
        points=-row.points,
        key=uuid4(),
        reverses=row,
        at=row.at,
    )


_CARRY = """
INSERT INTO loyalty_consumption (merchant_id, card_id, shop_id, amount, visits, points, key, at)
SELECT k.merchant_id, %(new)s, k.shop_id, k.amount, k.visits, k.points, gen_random_uuid(), k.at
FROM loyalty_consumption k WHERE k.card_id = %(old)s AND k.reverses_id IS NULL
    AND NOT EXISTS (SELECT FROM loyalty_consumption back WHERE back.reverses_id = k.id)
ORDER BY k.at, k.id
"""


@transaction.atomic
def carry_counted(old: Card, new: Card) -> None:
    """Two cards of one member become one: what counted on the old one counts on the one that stays."""
    with connection.cursor() as cursor:
        cursor.execute(_CARRY, {"old": old.pk, "new": new.pk})


def settle(cards: Sequence[int], moment: datetime, *, nightly: bool) -> dict[int, str]:
    """Judge the cards in pk order in one statement; what became of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT card, loyalty_settle(card, %s, NULL, %s) FROM unnest(%s::bigint[]) AS card ORDER BY card",
            [moment, nightly, sorted(cards)],
        )
        return dict(cursor.fetchall())


def sweep_levels(moment: datetime) -> int:
    """Whoever no longer earns their level hears so, and loses it when notice and grace are over.

    Each membership once a day of its own calendar; a night that was missed is made up by the next.
    """
    return sum(_sweep(rule.pk, moment) for rule in LevelRule.objects.order_by("pk"))


@retry_on_deadlock
@transaction.atomic
def _sweep(rule_id: int, moment: datetime) -> int:
    rule = LevelRule.objects.select_for_update(no_key=True).select_related("programme").get(pk=rule_id)
    today = today_in(rule, moment)
    if rule.settled_on and rule.settled_on >= today:
        return 0
    levels = list(Level.objects.of(rule.programme))
    movers = who_would_move(rule, levels, moment=moment, limit=None)
    loose = Standing.objects.filter(
        Q(falls_on__isnull=False) | Q(ground=Ground.GRANTED, until__lt=today), card__programme=rule.programme
    )
    cards = {mover.card_id for mover in movers.some} | set(loose.values_list("card_id", flat=True))
    became = settle(list(cards), moment, nightly=True)
    for card_id, what in sorted(became.items()):
        if what == "notice":
            _tell_notice(card_id)
    rule.settled_on = today
    rule.save(update_fields=["settled_on"])
    return len(became)


def _tell_notice(card_id: int) -> None:
    standing = Standing.objects.get(card=card_id)
    falls_on = standing.falls_on.isoformat() if standing.falls_on else ""
    publish(LevelWillFall(card_id=card_id, merchant_id=standing.merchant_id, falls_on=falls_on))


@transaction.atomic
def tell_moves(moment: datetime, *, limit: int = 500) -> int:
    """Tell of moves that nobody was told of: sales move levels inside the database, which tells nobody."""
    moves = list(
        LevelMove.objects.untold(moment - OLD_NEWS).select_for_update(skip_locked=True, of=("self",))[:limit]
    )
    for move in moves:
        publish(LevelMoved(card_id=move.card_id, merchant_id=move.merchant_id, move_id=move.pk))
    LevelMove.objects.filter(pk__in=[move.pk for move in moves]).update(told_at=moment)
    return len(moves)
