"""What a case's way does to its remedies: accepted they are promised, refused they are dropped."""

from django.db.models import Q

from complaints.events import ProposalAccepted
from complaints.models import Complaint, Remedy, RemedyKind, RemedyState
from complaints.reasons.automatic import NOT_AGREED
from complaints.refusals import NotReady, PromisesOpen
from complaints.states import OVER_STATES, ComplaintState
from portal.kernel import audit
from portal.kernel.events import publish
from portal.kernel.models import User

_WAITS = Q(needs_second=True, approved_by=None) | Q(is_goodwill=False, agreed_by=None) & ~Q(
    kind=RemedyKind.APOLOGY
)


def judge_remedies(complaint: Complaint, to: str) -> None:
    """Nothing undecided is put before the person, and nothing ends while something is owed."""
    if to == ComplaintState.PROPOSED and complaint.remedies.proposed().filter(_WAITS).exists():
        raise NotReady
    if to in (ComplaintState.RESOLVED, ComplaintState.CLOSED) and complaint.remedies.owed().exists():
        raise PromisesOpen(state=complaint.get_state_display())


def carry_remedies(complaint: Complaint, to: str, *, by: User | None) -> None:
    """The caller holds the case."""
    proposed = Remedy.objects.filter(complaint=complaint, state=RemedyState.PROPOSED)
    with audit.context(user=by.pk if by else None):
        if to == ComplaintState.ACCEPTED:
            if proposed.update(state=RemedyState.PROMISED):
                publish(ProposalAccepted(complaint_id=complaint.pk))
        elif to == ComplaintState.REJECTED or to in OVER_STATES:
            proposed.update(state=RemedyState.DROPPED, dropped_why=NOT_AGREED)
