"""The clocks of a case follow its state: they begin, stand still while we wait for the person, and end."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache

from complaints.clocks.promises import current_policy
from complaints.clocks.worktime import Course, WorkTime
from complaints.models import Clock, ClockKind, Complaint, Pause, Policy, Target, WorkCalendar
from complaints.reasons.tree import Tree, reason_tree
from complaints.refusals import NoPolicy
from complaints.states import OVER_STATES, WAITS_FOR_CONSUMER, ComplaintState

#: Clocks that run in these states and in no other.
OF_STATE: dict[str, str] = {
    ComplaintState.RECEIVED: ClockKind.ACKNOWLEDGE,
    ComplaintState.AWAITING_MERCHANT: ClockKind.MERCHANT,
    ComplaintState.AWAITING_CONSUMER: ClockKind.CONSUMER,
    ComplaintState.PROPOSED: ClockKind.CONSUMER,
}


def begun(complaint: Complaint, kinds: Iterable[str], moment: datetime) -> list[Clock]:
    """New clocks by the policy of today, not saved yet."""
    policy = current_policy()
    targets, tree = list(policy.targets.all()), reason_tree()
    work = policy.calendar.worktime(complaint.shop.time_zone)
    made = [
        Clock(
            complaint=complaint,
            kind=kind,
            target=_target(targets, tree, kind, complaint),
            started_at=moment,
        )
        for kind in kinds
    ]
    for clock in made:
        aim(clock, work, ())
    return made


def follow(complaint: Complaint, moment: datetime, *, asks: bool = False, answered: bool = False) -> None:
    """Bring the clocks to where the case stands now, and note on it which is due next.

    ``asks`` when the person waits for an answer from now on, ``answered`` when they have just got one.
    """
    running = {clock.kind: clock for clock in complaint.clocks.unended().select_related("target")}
    if complaint.state in OVER_STATES:
        _end(running.values(), moment)
        return
    wanted = _wanted(complaint.state, set(running), asks=asks, answered=answered)
    _end([clock for kind, clock in running.items() if kind not in wanted], moment)
    kept = [clock for kind, clock in running.items() if kind in wanted]
    if missing := [kind for kind in ClockKind.values if kind in wanted - set(running)]:
        kept += Clock.objects.bulk_create(begun(complaint, missing, moment))
    waits = complaint.state in WAITS_FOR_CONSUMER
    for clock in kept:
        _pause_or_go_on(clock, complaint, moment, waits=waits and clock.kind != ClockKind.CONSUMER)
    complaint.due_at = min(clock.due_at for clock in kept if clock.paused_at is None)


def aim(clock: Clock, work: WorkTime, pauses: tuple[tuple[datetime, datetime], ...]) -> None:
    """Write on the clock when it warns and when it is due."""
    course = Course(clock.started_at, clock.allowed, pauses)
    clock.due_at = course.due(work)
    clock.warn_at = course.due(work, before=timedelta(minutes=clock.target.warn_minutes))


def pauses_of(clock: Clock) -> tuple[tuple[datetime, datetime], ...]:
    return tuple(clock.pauses.order_by("began_at").values_list("began_at", "ended_at"))


def aim_by(policy: Policy, complaint: Complaint, clocks: Iterable[Clock]) -> None:
    """The same clocks by the targets of another policy or grade, from when they began."""
    targets, tree = list(policy.targets.all()), reason_tree()
    work = policy.calendar.worktime(complaint.shop.time_zone)
    for clock in clocks:
        clock.target = _target(targets, tree, clock.kind, complaint)
        aim(clock, work, pauses_of(clock))
        clock.save(update_fields=["target", "due_at", "warn_at"])


def worktimes() -> Callable[[int, str], WorkTime]:
    """Calendars as values, each read once: ``look(calendar id, zone of the shop)``."""

    @cache
    def look(calendar: int, zone: str) -> WorkTime:
        return WorkCalendar.objects.get(pk=calendar).worktime(zone)

    return look


def _wanted(state: str, running: set[str], *, asks: bool, answered: bool) -> set[str]:
    wanted = {ClockKind.RESOLUTION.value}
    if state in OF_STATE:
        wanted.add(str(OF_STATE[state]))
    if (asks or ClockKind.ANSWER in running) and not answered:
        wanted.add(ClockKind.ANSWER.value)
    return wanted


def _target(targets: list[Target], tree: Tree, kind: str, complaint: Complaint) -> Target:
    """The most particular: for grade and reason, for the grade, for the reason, for everything else.

    A reason's deadline is that of all below it, unless the nearer one has its own.
    """
    fitting = [
        target
        for target in targets
        if target.kind == kind
        and target.grade in ("", complaint.grade)
        and tree.holds(complaint.reason_id, target.reason_id)
    ]
    if not fitting:
        raise NoPolicy
    return max(fitting, key=lambda target: (bool(target.grade), tree.depth(target.reason_id or "")))


def _end(clocks: Iterable[Clock], moment: datetime) -> None:
    for clock in clocks:
        _go_on(clock, moment)
        clock.ended_at = moment
        clock.save(update_fields=["paused_at", "ended_at"])


def _pause_or_go_on(clock: Clock, complaint: Complaint, moment: datetime, *, waits: bool) -> None:
    if waits and clock.paused_at is None:
        clock.paused_at = moment
        clock.save(update_fields=["paused_at"])
    elif not waits and clock.paused_at is not None:
        _go_on(clock, moment)
        calendar = WorkCalendar.objects.get(policies=clock.target.policy_id)
        aim(clock, calendar.worktime(complaint.shop.time_zone), pauses_of(clock))
        clock.save(update_fields=["paused_at", "due_at", "warn_at"])


def _go_on(clock: Clock, moment: datetime) -> None:
    if clock.paused_at is not None:
        Pause.objects.create(clock=clock, began_at=clock.paused_at, ended_at=max(moment, clock.paused_at))
        clock.paused_at = None
