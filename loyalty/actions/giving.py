"""A level given by decision: with a reason, until a day, so many a day, never to oneself."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.levels import settle
from loyalty.levels import LONGEST_GIFT, today_in
from loyalty.models import Card, Ground, Level, LevelMove, LevelRule, MoveKind, Standing
from merchants.models import Role, StaffMember
from portal.kernel.db import retry_on_deadlock
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused


class NoLevels(Refused):
    sentence = _("This card has no levels yet. Set them under member cards first.")


class NotYourLevelToGive(Refused):
    sentence = _("Only owners and managers give a level.")


class OwnLevel(Refused):
    sentence = _("Nobody gives a level to a card of their own. Ask a colleague.")


class SayWhy(Refused):
    sentence = _("Say why, in a few words: the customer reads it.")


class WrongEnd(Refused):
    sentence = _("Choose a last day between tomorrow and %(last)s.")


class GivenEnough(Refused):
    sentence = _("Managers may give %(limit)d levels a day. Ask the owner for more.")


@retry_on_deadlock
@transaction.atomic
def give_level(
    card: Card,
    level: Level,
    *,
    reason: str,
    until: date,
    key: UUID,
    by: User,
    moment: datetime | None = None,
) -> Standing:
    """A level by decision, through its last day ``until``. The sweep leaves it alone that long, a sale may
    still lift the card above it. Owners give what they must, managers so many a day, nobody to themselves.
    """
    moment = moment or timezone.now()
    role = _role_held(card, by)
    rule = LevelRule.objects.filter(programme=card.programme_id).first()
    if rule is None or level.programme_id != card.programme_id or not level.is_on:
        raise NoLevels
    if earlier := LevelMove.objects.filter(card=card, key=key).first():
        return _same_gift(earlier, level, until)
    _judge_gift(card, reason, until, rule, by, moment)
    if role == Role.MANAGER:
        _stay_within_cap(card, by, moment)
    return _give(card, level, rule, reason=reason.strip(), until=until, key=key, by=by, moment=moment)


def _same_gift(earlier: LevelMove, level: Level, until: date) -> Standing:
    if (earlier.now_id, earlier.until) != (level.pk, until):
        raise KeyReused
    return Standing.objects.get(card=earlier.card_id)


def _role_held(card: Card, by: User) -> Role:
    """Locks the person's work, so that two tabs can't each use up what is left of the day's cap."""
    work = StaffMember.objects.current().filter(merchant=card.merchant_id, user=by)
    held = work.select_for_update(no_key=True).first()
    if held is None or not Role(held.role).covers(Role.MANAGER):
        raise NotYourLevelToGive
    return Role(held.role)


def _judge_gift(card: Card, reason: str, until: date, rule: LevelRule, by: User, moment: datetime) -> None:
    if card.customer.is_person(by):
        raise OwnLevel
    if not reason.strip():
        raise SayWhy
    judge_end(rule, until, moment)


def judge_end(rule: LevelRule, until: date, moment: datetime) -> None:
    """A level that is given ends, and not today. Raises WrongEnd."""
    today = today_in(rule, moment)
    if not today < until <= today + LONGEST_GIFT:
        raise WrongEnd(last=(today + LONGEST_GIFT).isoformat())


def _stay_within_cap(card: Card, by: User, moment: datetime) -> None:
    """So many in any 24 hours."""
    given = LevelMove.objects.filter(
        merchant=card.merchant_id, by=by, kind=MoveKind.GRANTED, at__gt=moment - timedelta(days=1)
    )
    if given.count() >= settings.MANAGER_GIVES_LEVELS_A_DAY:
        raise GivenEnough(limit=settings.MANAGER_GIVES_LEVELS_A_DAY)


def _give(card: Card, level: Level, rule: LevelRule, *, moment: datetime, **gift: Any) -> Standing:
    settle([card.pk], moment, nightly=False)  # the row exists from here on
    standing = Standing.objects.select_for_update(no_key=True).get(card=card)
    LevelMove.objects.create(
        merchant_id=card.merchant_id,
        card=card,
        was_id=standing.level_id,
        now=level,
        kind=MoveKind.GRANTED,
        metric=rule.metric,
        reached=0,
        threshold=level.threshold,
        at=moment,
        **gift,
    )
    standing.level, standing.ground, standing.reason = level, Ground.GRANTED, gift["reason"]
    standing.since, standing.until = moment, gift["until"]
    standing.falls_on = standing.noticed_on = None
    standing.save()
    return standing
