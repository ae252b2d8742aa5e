"""Holidays: each moves what is due later, never earlier."""

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from complaints.actions.clocking import aim, pauses_of, worktimes
from complaints.clocks.worktime import WorkTime
from complaints.models import CalendarDay, Clock, Complaint, WorkCalendar
from merchants.opening import festivals
from portal.kernel import audit
from portal.kernel.models import User


@transaction.atomic
def add_day(
    calendar: WorkCalendar, day: date, *, name: str, by: User | None, is_worked: bool = False
) -> CalendarDay:
    """A holiday, or a day that is worked instead of one. What is known already stays as it is.

    What is due is reckoned anew; a day that is worked would bring it earlier, and that nobody was told:
    the later time stands.
    """
    WorkCalendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)
    with audit.context(user=by.pk if by else None):
        known, is_new = CalendarDay.objects.get_or_create(
            calendar=calendar, day=day, defaults={"name": name, "is_worked": is_worked}
        )
    if is_new:
        _put_off(calendar)
    return known


def know_holidays(today: date) -> int:
    """The public holidays of this year and the next into every calendar; how many days were new."""
    added = 0
    for calendar in WorkCalendar.objects.order_by("pk"):
        known = set(calendar.days.values_list("day", flat=True))
        for day, name, is_worked in _public(calendar.time_zone or settings.HOME_TIME_ZONE, today.year):
            if day not in known:
                add_day(calendar, day, name=name, by=None, is_worked=is_worked)
                added += 1
    return added


def _public(zone: str, year: int) -> list[tuple[date, str, bool]]:
    days = []
    for one in (*festivals.of_year(zone, year), *festivals.of_year(zone, year + 1)):
        days += [(day, one.name_zh, False) for day in one.days]
        days += [(day, one.name_zh, True) for day in one.swapped]
    return days


def _put_off(calendar: WorkCalendar) -> None:
    look, moved = worktimes(), set()
    clocks = Clock.objects.running().filter(raised_at=None, target__policy__calendar=calendar)
    list(Complaint.objects.filter(pk__in=clocks.values("complaint")).locked())  # as the verbs hold them
    for clock in clocks.select_related("target", "complaint__shop").order_by("pk"):
        if _later(clock, look, calendar):
            moved.add(clock.complaint_id)
    for complaint in Complaint.objects.still_open().filter(pk__in=moved).order_by("pk"):
        due = complaint.clocks.running().aggregate(due=Min("due_at"))["due"]
        Complaint.objects.filter(pk=complaint.pk).update(due_at=due)


def _later(clock: Clock, look: Callable[[int, str], WorkTime], calendar: WorkCalendar) -> bool:
    due, warn = clock.due_at, clock.warn_at
    aim(clock, look(calendar.pk, clock.complaint.shop.time_zone), pauses_of(clock))
    clock.due_at, clock.warn_at = max(due, clock.due_at), max(warn, clock.warn_at)
    if (clock.due_at, clock.warn_at) == (due, warn):
        return False
    clock.save(update_fields=["due_at", "warn_at"])
    return True


def is_working(clock: Clock, moment: datetime, look: Callable[[int, str], WorkTime]) -> bool:
    """Whether it is working time at the desk that keeps this clock."""
    return look(clock.target.policy.calendar_id, clock.complaint.shop.time_zone).is_open(moment)
