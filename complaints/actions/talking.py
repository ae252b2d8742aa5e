"""What is said in a case: to the person and by the person, and among the staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from complaints import kinds, telling
from complaints.actions.attaching import attach
from complaints.actions.clocking import follow
from complaints.actions.holding import as_seen, held, keep
from complaints.actions.moving import take_to
from complaints.files import Checked
from complaints.models import Complaint, InternalNote, Reply, Step
from complaints.refusals import NotForYou, NotFromHere
from complaints.roles import acting_as
from complaints.states import (
    DESK,
    ENDED_STATES,
    OVER_STATES,
    SHOP_SPEAKS,
    WAITS_FOR_CONSUMER,
    Acting,
    ComplaintState,
)
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

Written = TypeVar("Written", Reply, InternalNote)
WHY_AT_MOST = 200
#: Answers that speak for themselves: the step has nothing to add to them.
QUIET_STEPS = (ComplaintState.ASSESSING, ComplaintState.INVESTIGATING)


@transaction.atomic
def reply(
    complaint: Complaint,
    *,
    by: User,
    said: str,
    key: UUID,
    moment: datetime,
    then: str = "",
    seen: int | None = None,
    files: Sequence[Checked] = (),
) -> Reply:
    """Say something both sides read, and move the case on in the same breath where ``then`` says so.

    Without ``then`` a first answer begins the work, an answer of the person or the shop brings a case that
    waited for it back to us, and the person's words on a case that was over open it again.
    """
    complaint = held(complaint)
    if written := Reply.objects.filter(key=key).first():
        return _same_or_refuse(written, complaint, said, by)
    as_seen(complaint, seen)
    role = _speaks(complaint, by)
    after = then or _state_after_reply(complaint.state, role)
    if complaint.state in ENDED_STATES and after == complaint.state:
        raise NotFromHere(state=complaint.get_state_display())
    voice = {"from_staff": role in DESK, "from_shop": role == Acting.MERCHANT}
    written = Reply.objects.create(complaint=complaint, by=by, said=said, key=key, at=moment, **voice)
    attach(complaint, files, by=by, moment=moment, reply=written)
    step = None
    if after != complaint.state:
        step = take_to(complaint, after, by=by, why=said[:WHY_AT_MOST], moment=moment)
    _answered(complaint, moment, by=by, role=role)
    _reply_told(complaint, written, step)
    return written


@transaction.atomic
def note(complaint: Complaint, *, by: User, said: str, key: UUID, moment: datetime) -> InternalNote:
    """Leave a word for the colleagues; the person never sees it."""
    complaint = held(complaint)
    if written := InternalNote.objects.filter(key=key).first():
        return _same_or_refuse(written, complaint, said, by)
    return InternalNote.objects.create(complaint=complaint, by=by, said=said, key=key, at=moment)


def _same_or_refuse(written: Written, complaint: Complaint, said: str, by: User) -> Written:
    if (written.complaint_id, written.said, written.by_id) != (complaint.pk, said, by.pk):
        raise KeyReused
    return written


def _speaks(complaint: Complaint, by: User) -> str:
    """As who somebody speaks: the person and the desk at any time, the shop when it is its turn."""
    role = acting_as(by, complaint)
    if role not in (Acting.CONSUMER, Acting.MERCHANT, *DESK):
        raise NotForYou
    if role == Acting.MERCHANT and complaint.state not in SHOP_SPEAKS:
        raise NotFromHere(state=complaint.get_state_display())
    return role


def _state_after_reply(state: str, role: str) -> str:
    if role == Acting.MERCHANT:
        return ComplaintState.INVESTIGATING if state == ComplaintState.AWAITING_MERCHANT else state
    if role in DESK:
        begun = {"received": "assessing", "acknowledged": "assessing", "reopened": "investigating"}
        return begun.get(state, state)
    if state in OVER_STATES:
        return ComplaintState.REOPENED
    return ComplaintState.INVESTIGATING if state in WAITS_FOR_CONSUMER else state


def _answered(complaint: Complaint, moment: datetime, *, by: User, role: str) -> None:
    """Our answer ends the clock for it, the person's words begin the next one; the shop's do neither.

    Every reply is a new version, so that nobody decides without having read it.
    """
    changed = ["due_at"]
    if role in DESK and complaint.answered_at is None:
        complaint.answered_at = moment
        changed.append("answered_at")
    follow(complaint, moment, asks=role == Acting.CONSUMER, answered=role in DESK)
    keep(complaint, *changed, by=by)


def _reply_told(complaint: Complaint, written: Reply, step: Step | None) -> None:
    """One act, one message: the step speaks where it says more than that there is an answer."""
    if not written.from_staff:
        heard = kinds.SHOP_ANSWERED if written.from_shop else kinds.PERSON_ANSWERED
        telling.assignee_told(complaint, written, heard)
        if not written.from_shop:
            return
    if step and step.after not in QUIET_STEPS:
        telling.step_told(complaint, step)
    else:
        telling.person_told(complaint, kinds.REPLIED, occurrence=f"reply:{written.pk}")
