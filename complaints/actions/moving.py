"""Moving a case along the table of states, marking it as reported twice, and taking it up."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction

from complaints import telling
from complaints.actions.clocking import follow
from complaints.actions.holding import as_seen, held, keep
from complaints.actions.promising import carry_remedies, judge_remedies
from complaints.duties import covers
from complaints.events import ComplaintEscalated, ComplaintMoved
from complaints.models import Complaint, Escalation, Step
from complaints.refusals import (
    AlreadyThere,
    NotForYou,
    NotFromHere,
    NotTheFirst,
    OpenedOften,
    SayWhy,
    TooLate,
)
from complaints.roles import acting_as
from complaints.states import (
    ESCALATES,
    MOVES,
    NEEDS_WHY,
    OVER_STATES,
    REOPENED_AT_MOST,
    REOPENED_WITHIN_DAYS,
    Acting,
    ComplaintState,
    may_move,
)
from portal.kernel.events import publish
from portal.kernel.models import User

#: Steps that staff needn't take one by one: who answers has acknowledged and begun.
FIRST_STEPS = ("received", "acknowledged", "assessing")


@transaction.atomic
def move(
    complaint: Complaint,
    to: str,
    *,
    by: User | None,
    moment: datetime,
    why: str = "",
    seen: int | None = None,
) -> Complaint:
    """Take the case to another state. Asking twice for the same move does it once.

    ``by`` nobody is the portal itself. ``seen`` is the version that the asker saw: if anything changed
    since, nothing is done.
    """
    complaint = held(complaint)
    if complaint.state == to:
        return complaint
    as_seen(complaint, seen)
    step = take_to(complaint, to, by=by, why=why, moment=moment)
    telling.step_told(complaint, step)
    return complaint


@transaction.atomic
def mark_duplicate(
    complaint: Complaint, of: Complaint, *, by: User, why: str, moment: datetime, seen: int | None = None
) -> Complaint:
    """The same thing was reported before: that case goes on, this one ends with a pointer to it.

    Only an earlier report can be the first, so that two can't end by pointing to each other, even at once.
    """
    complaint = held(complaint)
    if complaint.state == ComplaintState.DUPLICATE and complaint.duplicate_of_id == of.pk:
        return complaint
    as_seen(complaint, seen)
    of = Complaint.objects.get(pk=of.pk)
    is_earlier = (of.filed_at, of.pk) < (complaint.filed_at, complaint.pk)
    if not is_earlier or of.shop_id != complaint.shop_id or of.duplicate_of_id or not covers(by, of):
        raise NotTheFirst(number=of.number_in_groups)
    complaint.duplicate_of = of
    step = take_to(complaint, ComplaintState.DUPLICATE, by=by, why=why, moment=moment)
    telling.step_told(complaint, step)
    return complaint


@transaction.atomic
def escalate(
    complaint: Complaint,
    level: int,
    *,
    by: User | None,
    why: str,
    moment: datetime,
    seen: int | None = None,
) -> Escalation:
    """Take the case up to ``level``: once to each, never down, by who may."""
    complaint = held(complaint)
    if reached := complaint.escalations.filter(level=level).first():
        return reached
    as_seen(complaint, seen)
    if not complaint.is_open:
        raise NotFromHere(state=complaint.get_state_display())
    role = acting_as(by, complaint)
    if role not in ESCALATES.get(level, ()):
        raise NotForYou
    if level <= complaint.level:
        raise AlreadyThere(level=complaint.get_level_display())
    if not why.strip():
        raise SayWhy
    made = Escalation.objects.create(complaint=complaint, level=level, role=role, by=by, why=why, at=moment)
    complaint.level = level
    keep(complaint, "level", by=by)
    publish(ComplaintEscalated(complaint_id=complaint.pk, level=level, at=moment.isoformat()))
    return made


def take_to(complaint: Complaint, to: str, *, by: User | None, why: str, moment: datetime) -> Step:
    """The last of the steps that lead there; the case must be held already."""
    role = acting_as(by, complaint)
    for between in _on_the_way(complaint.state, to, role):
        _enter(complaint, between, role=role, by=by, why="", moment=moment)
    return _enter(complaint, to, role=role, by=by, why=why, moment=moment)


def reachable(state: str, role: str) -> list[str]:
    """Where somebody in the role may take a case with one press, first steps taken along the way."""
    return [to for to in ComplaintState.values if to != state and _leads(state, to, role)]


def _leads(state: str, to: str, role: str) -> bool:
    way = [state, *_on_the_way(state, to, role), to]
    return all(may_move(before, after, role) for before, after in pairwise(way))


def _on_the_way(state: str, to: str, role: str) -> tuple[str, ...]:
    if state not in FIRST_STEPS or to in MOVES[state] or role == Acting.CONSUMER:
        return ()
    before = FIRST_STEPS.index(to) if to in FIRST_STEPS else len(FIRST_STEPS)
    return FIRST_STEPS[FIRST_STEPS.index(state) + 1 : before]


def _enter(complaint: Complaint, to: str, *, role: str, by: User | None, why: str, moment: datetime) -> Step:
    before = complaint.state
    _may_enter(complaint, to, role, why, moment)
    step = Step.objects.create(
        complaint=complaint, before=before, after=to, role=role, by=by, why=why, at=moment
    )
    complaint.state = to
    complaint.ended_at = (complaint.ended_at or moment) if to in OVER_STATES else None
    complaint.reopened += to == ComplaintState.REOPENED
    if to != ComplaintState.DUPLICATE:
        complaint.duplicate_of = None
    carry_remedies(complaint, to, by=by)
    follow(complaint, moment, asks=to == ComplaintState.REOPENED)
    keep(complaint, "state", "ended_at", "due_at", "reopened", "duplicate_of", by=by)
    publish(ComplaintMoved(complaint_id=complaint.pk, before=before, after=to, at=moment.isoformat()))
    return step


def _may_enter(complaint: Complaint, to: str, role: str, why: str, moment: datetime) -> None:
    if to not in MOVES[complaint.state]:
        raise NotFromHere(state=complaint.get_state_display())
    if not may_move(complaint.state, to, role):
        raise NotForYou
    if to in NEEDS_WHY and not why.strip():
        raise SayWhy
    judge_remedies(complaint, to)
    if to == ComplaintState.DUPLICATE and complaint.duplicate_of_id is None:
        raise NotTheFirst(number="")
    if to == ComplaintState.REOPENED:
        _may_reopen(complaint, role, moment)


def _may_reopen(complaint: Complaint, role: str, moment: datetime) -> None:
    if complaint.reopened >= REOPENED_AT_MOST:
        raise OpenedOften(times=REOPENED_AT_MOST)
    if role == Acting.CONSUMER and not may_still_reopen(complaint, moment):
        raise TooLate(days=REOPENED_WITHIN_DAYS)


def may_still_reopen(complaint: Complaint, moment: datetime) -> bool:
    """Whether the person may open an ended case again: in time, and not too often."""
    if complaint.ended_at is None or ComplaintState.REOPENED not in MOVES[complaint.state]:
        return False
    within = moment <= complaint.ended_at + timedelta(days=REOPENED_WITHIN_DAYS)
    return within and complaint.reopened < REOPENED_AT_MOST
