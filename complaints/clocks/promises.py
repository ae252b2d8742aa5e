"""The deadlines that a portal begins with, until somebody sets its own: a version like any other."""

from datetime import time

from complaints.models import ClockKind, Grade, Policy, Target, WorkCalendar, WorkSpan
from complaints.reasons.tree import reason_tree

NAME = "Desk"
WEEK = ((time(9), time(12)), (time(13, 30), time(18)))
WORKDAYS = range(5)
DAY = 450  # working minutes of such a day
#: kind, grade, reason, working minutes, warned so many before
FIRST = (
    (ClockKind.ACKNOWLEDGE, "", "", 240, 60),
    (ClockKind.ACKNOWLEDGE, Grade.CRITICAL, "", 60, 30),
    (ClockKind.ANSWER, "", "", 2 * DAY, 120),
    (ClockKind.ANSWER, "", "price", DAY, 120),
    (ClockKind.ANSWER, "", "card", DAY, 120),
    (ClockKind.ANSWER, "", "conduct", DAY, 120),
    (ClockKind.ANSWER, "", "listing", 3 * DAY, 120),
    (ClockKind.ANSWER, Grade.SERIOUS, "", DAY, 120),
    (ClockKind.ANSWER, Grade.CRITICAL, "", DAY // 2, 60),
    (ClockKind.MERCHANT, "", "", DAY, 120),
    (ClockKind.MERCHANT, Grade.CRITICAL, "", DAY // 2, 60),
    (ClockKind.CONSUMER, "", "", 5 * DAY, DAY),
    (ClockKind.RESOLUTION, "", "", 10 * DAY, DAY),
    (ClockKind.RESOLUTION, Grade.SERIOUS, "", 7 * DAY, DAY),
    (ClockKind.RESOLUTION, Grade.CRITICAL, "", 3 * DAY, DAY // 2),
)


def current_policy() -> Policy:
    """The newest version; where there is none yet, the one that every portal begins with."""
    return _newest() or _first()


def _newest() -> Policy | None:
    return Policy.objects.select_related("calendar").order_by("-pk").first()


def _first() -> Policy:
    calendar, _ = WorkCalendar.objects.get_or_create(name=NAME)
    WorkCalendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    if made := _newest():
        return made  # somebody was faster
    if not calendar.spans.exists():
        WorkSpan.objects.bulk_create(
            WorkSpan(calendar=calendar, weekday=day, begins=begins, ends=ends)
            for day in WORKDAYS
            for begins, ends in WEEK
        )
    policy, tree = Policy.objects.create(calendar=calendar), reason_tree()
    Target.objects.bulk_create(
        Target(
            policy=policy,
            kind=kind,
            grade=grade,
            reason=tree.of_code.get(reason),
            minutes=minutes,
            warn_minutes=warn,
        )
        for kind, grade, reason, minutes, warn in FIRST
    )
    return policy
