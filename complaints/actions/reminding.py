"""Warning before a deadline and going up after it: once each, in order, in working hours only."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from complaints import telling
from complaints.actions.calendars import is_working
from complaints.actions.clocking import worktimes
from complaints.actions.holding import held
from complaints.actions.moving import escalate, move
from complaints.clocks.worktime import WorkTime
from complaints.models import Clock, ClockKind
from complaints.reasons.automatic import NO_ANSWER, OVERDUE
from complaints.states import ComplaintState, Level

BATCH = 1000
Look = Callable[[int, str], WorkTime]


def remind(moment: datetime) -> int:
    """What should have been said by now, the earliest first; how much was.

    After a day without a worker each is made up in its order; what falls into the night waits for the
    desk's next hours.
    """
    warns = Q(warned_at=None, warn_at__lte=moment)
    waiting = Clock.objects.running().filter(warns | Q(raised_at=None, due_at__lte=moment))
    planned = []
    for clock in waiting.order_by("warn_at", "pk")[:BATCH]:
        if clock.warned_at is None:
            planned.append((clock.warn_at, clock.pk, "warned_at"))
        if clock.due_at <= moment and clock.raised_at is None:
            planned.append((clock.due_at, clock.pk, "raised_at"))
    look = worktimes()
    return sum(_say(pk, what, moment, look) for _at, pk, what in sorted(planned))


@transaction.atomic
def _say(pk: int, what: str, moment: datetime, look: Look) -> bool:
    """The case is held, so that two workers say it once."""
    held(Clock.objects.select_related("complaint").get(pk=pk).complaint)
    running = Clock.objects.running().filter(pk=pk, **{what: None})
    clock = running.select_related("target__policy", "complaint__shop", "complaint__assignee").first()
    if clock is None or not is_working(clock, moment, look):
        return False
    setattr(clock, what, moment)
    clock.save(update_fields=[what])
    if what == "warned_at":
        telling.warned(clock)
    else:
        _raise(clock, moment)
    return True


def _raise(clock: Clock, moment: datetime) -> None:
    """A person who doesn't answer brings the case back to us; what we or the shop missed goes up."""
    complaint = clock.complaint
    if clock.kind == ClockKind.CONSUMER:
        move(complaint, ComplaintState.INVESTIGATING, by=None, why=NO_ANSWER, moment=moment)
        return
    if complaint.level < Level.MANAGEMENT:
        escalate(complaint, complaint.level + 1, by=None, why=OVERDUE, moment=moment)
    telling.overdue(clock)
