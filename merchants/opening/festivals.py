"""Public holidays that come up, with the working days that China moves to weekends for them.

From the ``holidays`` package, which follows the State Council's yearly notices; a year whose notice isn't
out yet has the days that the law fixes.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language
from holidays import HolidayBase, country_holidays

COUNTRIES = {
    "Asia/Shanghai": "CN",
    "Asia/Urumqi": "CN",
    "Asia/Hong_Kong": "HK",
    "Asia/Macau": "MO",
    "Asia/Taipei": "TW",
}
AHEAD = timedelta(days=90)
DAY_OFF = ("休息日", "Day off")  # names of swapped days: 休息日（由 2026-09-20 调休）
SWAPPED = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Festival:
    """Days off in a row; ``swapped`` are weekend days that are worked for them."""

    first: date
    last: date
    name_zh: str
    name_en: str
    swapped: tuple[date, ...] = ()

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def coming(zone: str, today: date) -> list[Festival]:
    """What begins or goes on within the next ninety days, in order."""
    country = COUNTRIES.get(zone, settings.PHONENUMBER_DEFAULT_REGION)
    until = today + AHEAD
    found = [one for one in _festivals(country, today.year) if one.last >= today and one.first <= until]
    return sorted(found, key=lambda one: one.first)


def of_year(zone: str, year: int) -> tuple[Festival, ...]:
    """Those that begin in the year, in the country of the zone."""
    country = COUNTRIES.get(zone, settings.PHONENUMBER_DEFAULT_REGION)
    return tuple(one for one in _festivals(country, year) if one.first.year == year)


@lru_cache(maxsize=64)
def _festivals(country: str, year: int) -> tuple[Festival, ...]:
    """Of a year and the beginning of the next; nothing for a country that the package doesn't know."""
    try:
        zh, en = (_names(country, year, language) for language in ("zh_CN", "en_US"))
    except NotImplementedError:
        return ()
    return tuple(
        Festival(
            days[0],
            days[-1],
            _main(zh[day] for day in days),
            _main(en[day] for day in days),
            tuple(sorted(date.fromisoformat(text) for day in days for text in SWAPPED.findall(zh[day]))),
        )
        for days in _in_a_row(sorted(zh))
    )


def _names(country: str, year: int, language: str) -> HolidayBase:
    years = (year, year + 1)
    known = country_holidays(country, years=years)
    wanted = language if language in known.supported_languages else known.default_language
    return country_holidays(country, years=years, language=wanted)


def _in_a_row(days: Iterable[date]) -> Iterable[list[date]]:
    """Weekend days between two days off are days off too."""
    group: list[date] = []
    for day in days:
        between = [group[-1] + timedelta(days=n) for n in range(1, (day - group[-1]).days)] if group else []
        if group and (len(between) > 2 or any(one.weekday() < 5 for one in between)):
            yield group
            group = []
        group.append(day)
    if group:
        yield group


def _main(names: Iterable[str]) -> str:
    """The name that stands for the whole row of days."""
    plain = [part.split("（")[0].split(" (")[0].strip() for name in names for part in name.split("; ")]
    telling = [name for name in plain if not name.startswith(DAY_OFF)] or plain
    return Counter(telling).most_common(1)[0][0]
