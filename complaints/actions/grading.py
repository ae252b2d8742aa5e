"""How grave a case is: a person's judgement with its reason, and the deadlines that follow from it."""

from datetime import datetime

from django.db import transaction

from complaints.actions.clocking import aim_by
from complaints.actions.holding import as_seen, held, keep
from complaints.clocks.promises import current_policy
from complaints.models import Clock, Complaint, Grading
from complaints.refusals import NotForYou, NotFromHere, SayWhy
from complaints.roles import acting_as
from complaints.states import DESK
from portal.kernel.models import User


@transaction.atomic
def regrade(
    complaint: Complaint, grade: str, *, by: User, why: str, moment: datetime, seen: int | None = None
) -> Complaint:
    """Overrule the grade. The clocks that run go by the new grade's deadlines, from when they began."""
    complaint = held(complaint)
    if complaint.grade == grade:
        return complaint
    as_seen(complaint, seen)
    if acting_as(by, complaint) not in DESK:
        raise NotForYou
    if not complaint.is_open:
        raise NotFromHere(state=complaint.get_state_display())
    if not why.strip():
        raise SayWhy
    complaint.grade = grade
    Grading.objects.create(complaint=complaint, grade=grade, by=by, why=why, at=moment)
    clocks = list(complaint.clocks.unended())
    open_ones = [clock for clock in clocks if clock.raised_at is None]  # what was missed stays missed
    aim_by(current_policy(), complaint, open_ones)
    complaint.due_at = _next_due(clocks)
    keep(complaint, "grade", "due_at", by=by)
    return complaint


def _next_due(clocks: list[Clock]) -> datetime:
    return min(clock.due_at for clock in clocks if clock.paused_at is None)
