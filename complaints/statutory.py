"""What the law asks of those who mediate complaints, as profiles; none applies unless the settings say so.

The numbers bind authorities, not platforms. A profile lets the desk see how long a case has been known
when a person asks what an authority would have done by now. Laws change: see that they are still in force.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, WorkCalendar
from complaints.states import ComplaintState


@dataclass(frozen=True)
class Counter:
    """So many working days from when a case entered a state. ``until`` are the states that end it."""

    name: Any
    working_days: int
    since: str
    until: tuple[str, ...]
    source: str


SAMR = "《市场监督管理投诉举报处理暂行办法》 (SAMR Order 20, 2019)"
PROFILES: dict[str, tuple[Counter, ...]] = {
    "": (),
    "cn": (
        Counter(
            _("Decide on acceptance"),
            7,
            ComplaintState.RECEIVED,
            (ComplaintState.ACKNOWLEDGED,),
            f"{SAMR}, art. 14",
        ),
        Counter(
            _("End of mediation without agreement"),
            45,
            ComplaintState.ACKNOWLEDGED,
            (
                ComplaintState.ACCEPTED,
                ComplaintState.RESOLVED,
                ComplaintState.CONFIRMED,
                ComplaintState.CLOSED,
            ),
            f"{SAMR}, art. 21",
        ),
    ),
}


@dataclass(frozen=True)
class Counted:
    counter: Counter
    due_at: datetime
    met_at: datetime | None


def counted(complaint: Complaint) -> list[Counted]:
    """The profile's counters of a case; they never stand still."""
    counters = PROFILES[settings.COMPLAINT_PROFILE]
    if not counters:
        return []
    entered: dict[str, datetime] = {}
    for state, at in complaint.steps.order_by("pk").values_list("after", "at"):
        entered.setdefault(state, at)
    calendar = WorkCalendar.objects.filter(policies__isnull=False).latest("policies__pk")
    work = calendar.worktime(complaint.shop.time_zone)
    return [
        Counted(
            counter,
            work.day_after(entered[counter.since], counter.working_days),
            min((entered[state] for state in counter.until if state in entered), default=None),
        )
        for counter in counters
        if counter.since in entered
    ]
