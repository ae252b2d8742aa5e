"""Which day somebody's birthday falls on: by the solar calendar, or by the Chinese lunar one.

The lunar calendar is that of GB/T 33661-2017 (months begin on the day of new moon in Beijing; the month
without a principal term is a leap month and has the number of the month before it), as the package
``lunar_python`` reckons it. No standard says when a birthday is kept that the year doesn't have; each rule
stands with its source at the function that applies it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from lunar_python import LunarMonth, LunarYear, Solar
from lunar_python.util import LunarUtil

from portal.kernel.refused import Refused

EARLIEST = 1900
A_LEAP_YEAR = 2000  # has every day that a solar birthday can be
LONGEST_MONTH = 30  # of the lunar calendar


class NoSuchDay(Refused):
    status = 422
    sentence = gettext_lazy("There is no such day in this calendar.")


@dataclass(frozen=True)
class Birthday:
    """Month and day, in the lunar calendar where ``is_lunar``; ``in_leap_month`` of that number.

    ``year`` is the calendar's own year, or None: it isn't needed to know when the day comes round.
    Raises NoSuchDay for a day that no year has, or that the given year has not.
    """

    month: int
    day: int
    year: int | None = None
    is_lunar: bool = False
    in_leap_month: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12 or not (self.year is None or self.year >= EARLIEST):
            raise NoSuchDay
        if not 1 <= self.day <= self._longest() or (self.in_leap_month and not self.is_lunar):
            raise NoSuchDay

    def _longest(self) -> int:
        if not self.is_lunar:
            return monthrange(self.year or A_LEAP_YEAR, self.month)[1]
        if self.year is None:
            return LONGEST_MONTH
        if self.in_leap_month and leap_month_of(self.year) != self.month:
            raise NoSuchDay
        return _lunar_month(self.year, self.month, self.in_leap_month)[1]

    def stored(self) -> str:
        """``solar 1990-8-15``, ``lunar 0-4-30 leap``; 0 stands for a year that wasn't told."""
        calendar = "lunar" if self.is_lunar else "solar"
        return f"{calendar} {self.year or 0}-{self.month}-{self.day}{' leap' if self.in_leap_month else ''}"

    def in_year(self, year: int) -> date:
        """The solar date on which it is kept in the calendar's year ``year``.

        29 February, in a year without it: on 28 February. The rule of article 202 of the Civil Code of the
        People's Republic of China for periods counted by months and years: where the last month has no
        corresponding day, its last day counts.

        Lunar day 30, in a month of 29 days: on day 29, the last one, by the same article's rule, which is
        also the custom.

        Born in a leap month: in the leap month where the year has the same one, otherwise in the ordinary
        month of that number. Born in an ordinary month: always in the ordinary one. That is custom; the
        standard only fixes that both months carry one number.
        """
        if not self.is_lunar:
            return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))
        leap = self.in_leap_month and leap_month_of(year) == self.month
        first, length = _lunar_month(year, self.month, leap)
        return first + timedelta(days=min(self.day, length) - 1)

    def next_from(self, today: date) -> date:
        """The next solar date on which it is kept, ``today`` included.

        A lunar year ends in January or February of the solar year after, so the year before is looked at.
        """
        years = range(today.year - 1, today.year + 2)
        return next(on for on in map(self.in_year, years) if on >= today)

    def says(self) -> str:
        """``15 August``, ``8月15日``; ``农历闰四月三十``; without the year."""
        numbers = {"month": self.month, "day": self.day}
        in_english = (get_language() or "").startswith("en")
        if not self.is_lunar:
            day = date(A_LEAP_YEAR, self.month, self.day)
            return date_format(day, "j F" if in_english else "n月j日")
        if not in_english:
            leap = "闰" if self.in_leap_month else ""
            return f"农历{leap}{LunarUtil.MONTH[self.month]}月{LunarUtil.DAY[self.day]}"
        if self.in_leap_month:
            return _("lunar leap month %(month)d, day %(day)d") % numbers
        return _("lunar month %(month)d, day %(day)d") % numbers


def read_birthday(stored: str) -> Birthday:
    """What ``Birthday.stored`` wrote."""
    calendar, told, *leap = stored.split(" ")
    year, month, day = map(int, told.split("-"))
    return Birthday(month, day, year or None, calendar == "lunar", bool(leap))


@lru_cache(maxsize=512)
def leap_month_of(year: int) -> int:
    """The number of the leap month in a lunar year; 0 where it has none."""
    return int(LunarYear.fromYear(year).getLeapMonth())


@lru_cache(maxsize=2048)
def _lunar_month(year: int, month: int, leap: bool) -> tuple[date, int]:
    """Its first day and how many days it has, 29 or 30."""
    found = LunarMonth.fromYm(year, -month if leap else month)
    first = Solar.fromJulianDay(found.getFirstJulianDay())
    return date(first.getYear(), first.getMonth(), first.getDay()), int(found.getDayCount())
