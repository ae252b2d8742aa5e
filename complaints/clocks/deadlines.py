"""What a case's clocks say: the promise to the person, and each deadline with how it stands."""

from dataclasses import dataclass
from datetime import datetime

from complaints.models import Clock, ClockKind, Complaint


@dataclass(frozen=True)
class Promise:
    """When the person hears from us: by an answer that is due, or else with the solution."""

    at: datetime
    is_answer: bool


def promise_of(complaint: Complaint) -> Promise:
    promised = {clock.kind: clock.due_at for clock in complaint.clocks.unended()}
    if at := promised.get(ClockKind.ANSWER):
        return Promise(at, is_answer=True)
    return Promise(promised.get(ClockKind.RESOLUTION, complaint.due_at), is_answer=False)


def clocks_of(complaint: Complaint) -> list[Clock]:
    """All of them as they began, with the version of the policy that they go by."""
    return list(complaint.clocks.select_related("target__policy").order_by("pk"))
