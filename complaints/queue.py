"""The queue in words: how long until the next answer is due, and what stands behind a filter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint, ComplaintQuerySet
from complaints.states import OPEN_STATES, WAITS_FOR_CONSUMER, ComplaintState
from portal.kernel.dates import span
from portal.kernel.models import User

SOON = timedelta(hours=4)

#: The saved filters of the queue; without one it shows everything that is open.
FILTERS = {
    "soon": gettext_lazy("Due in 4 h"),
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Nobody’s"),
    "waiting": gettext_lazy("Waiting for others"),
    "escalated": gettext_lazy("Escalated"),
    "ended": gettext_lazy("Ended"),
}
WAITING = (ComplaintState.AWAITING_MERCHANT, *WAITS_FOR_CONSUMER)


def filtered(
    complaints: ComplaintQuerySet, name: str | None, *, user: User, moment: datetime
) -> ComplaintQuerySet:
    if name == "ended":
        return complaints.exclude(state__in=OPEN_STATES)
    wanted = {
        "soon": Q(due_at__lt=moment + SOON),
        "mine": Q(assignee=user),
        "unassigned": Q(assignee=None),
        "waiting": Q(state__in=WAITING),
        "escalated": Q(level__gt=0),
    }
    return complaints.still_open().filter(wanted.get(name or "", Q()))


def due_in_words(complaint: Complaint, moment: datetime) -> str:
    """``in 3 h``, ``2 h late``; nothing for a case that has ended."""
    if not complaint.is_open:
        return ""
    left = complaint.due_at - moment
    if left < timedelta():
        return _("%(span)s late") % {"span": span(left)}
    return _("in %(span)s") % {"span": span(left)}


def urgency(complaint: Complaint, moment: datetime) -> str:
    """``late``, ``soon`` or ``later``, for the colour beside the words."""
    if complaint.due_at < moment:
        return "late"
    return "soon" if complaint.due_at < moment + SOON else "later"


@dataclass(frozen=True)
class Standing:
    """How the queue stands, in one query."""

    open: int
    late: int
    soon: int
    mine: int
    unassigned: int
    oldest: datetime | None


def standing(user: User, moment: datetime) -> Standing:
    counts: dict[str, Any] = Complaint.objects.still_open().aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=moment)),
        soon=Count("pk", filter=Q(due_at__lt=moment + SOON)),
        mine=Count("pk", filter=Q(assignee=user)),
        unassigned=Count("pk", filter=Q(assignee=None)),
        oldest=Min("filed_at"),
    )
    return Standing(**counts)
