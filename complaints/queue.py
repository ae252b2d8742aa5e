"""The queue in words: how long until the next answer is due, and what stands behind a filter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.duties import learn, seen, seen_or_free
from complaints.models import CallBack, Clock, ClockKind, Complaint, ComplaintQuerySet, Grade, Mail
from complaints.states import OPEN_STATES, WAITS_FOR_CONSUMER, ComplaintState
from portal.kernel.dates import span
from portal.kernel.models import User

SOON = timedelta(hours=4)
LONG = timedelta(hours=24)

#: The saved filters of the queue; without one it shows everything that is open.
FILTERS = {
    "soon": gettext_lazy("Due in 4 h"),
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Nobody’s"),
    "critical": gettext_lazy("Critical"),
    "shop": gettext_lazy("Waiting for shop > 24 h"),
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
    return complaints.still_open().filter(_wanted(user, moment).get(name or "", Q()))


def _wanted(user: User, moment: datetime) -> dict[str, Q]:
    """What stands behind each filter of open cases."""
    asked_long_ago = Clock.objects.unended().filter(
        complaint=OuterRef("pk"), kind=ClockKind.MERCHANT, started_at__lt=moment - LONG
    )
    return {
        "soon": Q(due_at__lt=moment + SOON),
        "mine": Q(assignee=user),
        "unassigned": Q(assignee=None),
        "critical": Q(grade=Grade.CRITICAL),
        "shop": Q(Q(state=ComplaintState.AWAITING_MERCHANT), Exists(asked_long_ago)),  # asked of those alone
        "waiting": Q(state__in=WAITING),
        "escalated": Q(level__gt=0),
    }


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
class Queue:
    """One saved filter: how many stand behind it, and since when the oldest."""

    name: str
    label: Any
    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class Standing:
    """How the queue stands, how many wait for a call, and how much mail waits to be sorted."""

    open: int
    late: int
    oldest: datetime | None
    queues: list[Queue]
    calls: int
    first_call: datetime | None
    mails: int
    first_mail: datetime | None


def standing(user: User, moment: datetime) -> Standing:
    """Of the cases that the user sees."""
    learn([user])
    wanted = _wanted(user, moment)
    counts = {name: Count("pk", filter=where) for name, where in wanted.items()}
    oldest = {f"oldest_{name}": Min("filed_at", filter=where) for name, where in wanted.items()}
    found: dict[str, Any] = (
        Complaint.objects.filter(seen(user))
        .still_open()
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=moment)),
            oldest=Min("filed_at"),
            **counts,
            **oldest,
        )
    )
    queues = [Queue(name, FILTERS[name], found[name], found[f"oldest_{name}"]) for name in wanted]
    waiting = CallBack.objects.filter(seen(user, "survey__complaint"), done_at=None)
    calls = waiting.aggregate(calls=Count("pk"), first_call=Min("opened_at"))
    unsorted = Mail.objects.waiting().filter(seen_or_free(user, "complaint"))
    mails = unsorted.aggregate(mails=Count("pk"), first_mail=Min("received_at"))
    return Standing(found["open"], found["late"], found["oldest"], queues, **calls, **mails)
