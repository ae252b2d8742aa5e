"""Deadlines: when the desk works, what is promised within which working time, and each case's clocks."""

from datetime import timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from complaints.clocks.worktime import WorkTime
from complaints.models.complaint import Complaint, Grade
from complaints.models.reason import about
from portal.kernel import dates
from portal.kernel.audit import audited
from portal.kernel.db import append_only


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ClockKind(models.TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    ANSWER = "answer", _("Answer the person")
    MERCHANT = "merchant", _("Shop’s answer")
    CONSUMER = "consumer", _("Person’s answer")
    RESOLUTION = "resolution", _("Solution")


@audited()
class WorkCalendar(models.Model):
    """When somebody works on complaints. Without a zone it is the wall clock of the shop's place."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")

    def __str__(self) -> str:
        return self.name

    def worktime(self, zone: str) -> WorkTime:
        """As a value; ``zone`` is the shop's."""
        spans: list[list[tuple[object, object]]] = [[] for _day in Weekday.values]
        for span in self.spans.order_by("weekday", "begins"):
            spans[span.weekday].append((span.begins, span.ends))
        days = list(self.days.values_list("day", "is_worked"))
        return WorkTime(
            zone=ZoneInfo(self.time_zone or zone),
            week=tuple(tuple(day) for day in spans),  # type: ignore[arg-type]
            off=frozenset(day for day, is_worked in days if not is_worked),
            swapped=frozenset(day for day, is_worked in days if is_worked),
        )


@audited()
class WorkSpan(models.Model):
    """Hours of one weekday; a lunch break is the gap between two spans."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="spans")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(name="work_ends_after_it_begins", condition=Q(ends__gt=F("begins"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"


@audited()
class CalendarDay(models.Model):
    """A holiday, or a day off that is worked instead of one."""

    calendar = models.ForeignKey(
        WorkCalendar, models.CASCADE, verbose_name=_("work calendar"), related_name="days"
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=60)
    is_worked = models.BooleanField(_("worked instead of a holiday"), default=False)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(name="calendar_knows_a_day_once", fields=["calendar", "day"]),
        ]

    def __str__(self) -> str:
        return f"{dates.day(self.day)} {self.name}"


class Policy(models.Model):
    """One version of everything that is promised. A change is a new version; cases keep theirs."""

    calendar = models.ForeignKey(
        WorkCalendar, models.PROTECT, verbose_name=_("work calendar"), related_name="policies"
    )
    why = models.CharField(_("what changed and why"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    at = models.DateTimeField(db_default=Now(), verbose_name=_("when"))

    class Meta:
        verbose_name = _("deadline policy")
        verbose_name_plural = _("deadline policies")
        triggers = [append_only("policies_are_written_once")]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.pk}


class Target(models.Model):
    """Within how much working time something is done, for a grade, a reason and all below, both, or all."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="targets")
    kind = models.CharField(_("what"), max_length=12, choices=ClockKind)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade, blank=True)
    reason = about(verbose_name=_("reason"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("working minutes"))
    warn_minutes = models.PositiveIntegerField(_("warned so many minutes before"), default=120)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(
                name="policy_promises_a_thing_once",
                fields=["policy", "kind", "grade", "reason"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="target_warns_before_it_is_due",
                condition=Q(minutes__gt=0, warn_minutes__lt=F("minutes")),
            ),
        ]
        triggers = [append_only("targets_are_written_once")]

    def __str__(self) -> str:
        of = f" · {self.get_grade_display()}" if self.grade else ""
        hours, minutes = divmod(self.minutes, 60)
        told = [_("%(count)d h") % {"count": hours}] if hours else []
        told += [_("%(count)d min") % {"count": minutes}] if minutes else []
        return f"{self.get_kind_display()}{of}: {' '.join(map(str, told))}"


class ClockQuerySet(models.QuerySet["Clock"]):
    def unended(self) -> Self:
        return self.filter(ended_at=None)

    def running(self) -> Self:
        return self.unended().filter(paused_at=None)


class Clock(models.Model):
    """One deadline of one case: when it began, until when, by which version, and whether it stands still."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=12, choices=ClockKind)
    target = models.ForeignKey(Target, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(
                name="complaint_has_one_clock_of_a_kind",
                fields=["complaint", "kind"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="clock_warns_then_is_due",
                condition=Q(warn_at__lte=F("due_at"), due_at__gt=F("started_at")),
            ),
            models.CheckConstraint(
                name="clock_that_ended_stands_no_longer",
                condition=Q(ended_at=None) | Q(paused_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["warn_at"],
                name="clock_to_warn_of",
                condition=Q(ended_at=None, paused_at=None, warned_at=None),
            ),
            models.Index(
                fields=["due_at"],
                name="clock_to_raise",
                condition=Q(ended_at=None, paused_at=None, raised_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def allowed(self) -> timedelta:
        return timedelta(minutes=self.target.minutes)

    @property
    def was_late(self) -> bool:
        return self.ended_at is not None and self.ended_at > self.due_at


class Pause(models.Model):
    """How long a clock stood still because we waited for the person. Written once, when it went on."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            models.CheckConstraint(
                name="pause_ends_after_it_begins", condition=Q(ended_at__gte=F("began_at"))
            ),
        ]
        triggers = [append_only("pauses_are_written_once")]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} – {self.ended_at:%Y-%m-%d %H:%M}"
