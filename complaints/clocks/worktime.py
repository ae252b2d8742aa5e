"""Working time: which minutes count, how many lie between two moments, and when so many have passed.

Spans are wall-clock times of a place; what passes is real time. So a day on which the clocks change has
as many working minutes as really pass while the desk is open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]
MONDAY = 0
LONGEST_WAIT = timedelta(days=3 * 366)  # a calendar that has no work for three years is broken


class NeverOpen(ValueError):
    """The calendar has no working time ahead, so nothing can ever be due."""


@dataclass(frozen=True)
class WorkTime:
    """``week`` says each weekday's spans in order; ``off`` are days without work, ``swapped`` days off that
    are worked for them, with Monday's hours."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    off: frozenset[date] = field(default_factory=frozenset)
    swapped: frozenset[date] = field(default_factory=frozenset)

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """In UTC, in order; empty on a day off."""
        if day in self.off:
            return []
        spans = self.week[MONDAY if day in self.swapped else day.weekday()]
        moments = [(self._moment(day, begins), self._moment(day, ends)) for begins, ends in spans]
        return [(begins, ends) for begins, ends in moments if begins < ends]

    def spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the span that holds the moment, and all that follow."""
        day, last = self._day(moment), self._day(moment + LONGEST_WAIT)
        while day <= last:
            for begins, ends in self.spans_on(day):
                if ends > moment:
                    yield max(begins, moment), ends
            day += timedelta(days=1)

    def after(self, moment: datetime, worked: timedelta) -> datetime:
        """When so much working time has passed since the moment; for none, the moment itself."""
        if worked <= timedelta():
            return moment
        left = worked
        for begins, ends in self.spans_from(moment):
            if begins + left <= ends:
                return begins + left
            left -= ends - begins
        raise NeverOpen

    def between(self, since: datetime, until: datetime) -> timedelta:
        total = timedelta()
        for begins, ends in self.spans_from(since):
            if begins >= until:
                break
            total += min(ends, until) - begins
        return total

    def is_open(self, moment: datetime) -> bool:
        return any(begins <= moment < ends for begins, ends in self.spans_on(self._day(moment)))

    def day_after(self, moment: datetime, days: int) -> datetime:
        """The end of the n-th working day after the moment's own day, as laws count."""
        day, left = self._day(moment), days
        for _turn in range(LONGEST_WAIT.days):
            day += timedelta(days=1)
            if spans := self.spans_on(day):
                left -= 1
                if left == 0:
                    return spans[-1][1]
        raise NeverOpen

    def midnight_after(self, moment: datetime, days: int) -> datetime:
        """The end of the n-th calendar day after the moment's own, working or not."""
        return self._moment(self._day(moment) + timedelta(days=days + 1), time())

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Course:
    """How a clock has run: since when, how much it allows, and when it stood still."""

    started: datetime
    allowed: timedelta
    pauses: tuple[tuple[datetime, datetime], ...] = ()

    def due(self, work: WorkTime, before: timedelta = timedelta()) -> datetime:
        """When the allowed time, less ``before``, has run; what is used up already isn't given back."""
        left, running_since = self.allowed - before, self.started
        for began, ended in self.pauses:
            used = work.between(running_since, began)
            if used >= left:
                break
            left, running_since = left - used, ended
        return work.after(running_since, left)
