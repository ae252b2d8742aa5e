"""Whose case it is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.holding import held, keep
from complaints.actions.moving import take_to
from complaints.duties import covers
from complaints.models import Complaint
from complaints.refusals import NotForYou, NotStaff, TakenMeanwhile
from complaints.roles import acting_as, staff_role
from complaints.states import ComplaintState
from portal.kernel.models import User


@transaction.atomic
def assign(
    complaint: Complaint, to: User, *, by: User, moment: datetime, instead_of: int | None = None
) -> Complaint:
    """Give the case to somebody who answers it; ``instead_of`` is whose it was on the asker's screen.

    Somebody has it in hand now, so a received case is acknowledged.
    """
    complaint = held(complaint)
    if complaint.assignee_id == to.pk:
        return complaint
    if complaint.assignee_id != instead_of:
        raise TakenMeanwhile(name=complaint.assignee.says() if complaint.assignee else _("Nobody"))
    if not covers(by, complaint):
        raise NotForYou
    if acting_as(to, complaint) not in ("agent", "supervisor", "manager"):
        raise NotStaff(name=to.says())
    complaint.assignee = to
    keep(complaint, "assignee", by=by)
    if complaint.state == ComplaintState.RECEIVED and staff_role(by):
        take_to(complaint, ComplaintState.ACKNOWLEDGED, by=by, why="", moment=moment)
    return complaint
