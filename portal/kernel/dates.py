"""Dates and spans as people say them, in the reader's language and zone."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

_PATTERNS = {
    "zh": {
        "day": "{month}月{day}日 周{weekday}",
        "far": "{year}年{month}月{day}日",
        "when": "{day} {time}",
        "today": "今天 {time}",
        "yesterday": "昨天 {time}",
        "tomorrow": "明天 {time}",
        "minutes": "{count} 分钟",
        "hours": "{count} 小时",
        "days": "{count} 天",
    },
    "en": {
        "day": "{weekday} {day} {month}",
        "far": "{day} {month} {year}",
        "when": "{day}, {time}",
        "today": "today {time}",
        "yesterday": "yesterday {time}",
        "tomorrow": "tomorrow {time}",
        "minutes": "{count} min",
        "hours": "{count} h",
        "days": "{count} d",
    },
}
_WEEKDAYS = {
    "zh": ["一", "二", "三", "四", "五", "六", "日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_MONTHS = {
    "zh": [str(number) for number in range(1, 13)],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_NEAR = {timedelta(days=-1): "yesterday", timedelta(): "today", timedelta(days=1): "tomorrow"}


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def day(value: date | datetime) -> str:
    """``Sun 22 Nov`` / ``11月22日 周日``; of another year ``3 Jan 2027`` / ``2027年1月3日``."""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    language = _language()
    pattern = "day" if on.year == timezone.localdate().year else "far"
    return _PATTERNS[language][pattern].format(
        year=on.year,
        month=_MONTHS[language][on.month - 1],
        day=on.day,
        weekday=_WEEKDAYS[language][on.weekday()],
    )


def when(moment: datetime) -> str:
    """``today 14:30``, ``Sun 22 Nov, 14:30``."""
    local = timezone.localtime(moment)
    patterns, time = _PATTERNS[_language()], f"{local:%H:%M}"
    near = _NEAR.get(local.date() - timezone.localdate())
    return patterns[near].format(time=time) if near else patterns["when"].format(day=day(local), time=time)


def date_and_time(moment: datetime) -> str:
    """The same without "today": for promises and papers that are read on another day."""
    local = timezone.localtime(moment)
    return _PATTERNS[_language()]["when"].format(day=day(local), time=f"{local:%H:%M}")


def span(length: timedelta) -> str:
    """``5 min``, ``3 h``, ``2 d``: the largest unit that fits, rounded down, at least one minute."""
    minutes = max(1, int(abs(length).total_seconds()) // 60)
    unit, count = ("minutes", minutes) if minutes < 60 else ("hours", minutes // 60)
    if count >= 48 and unit == "hours":
        unit, count = "days", count // 24
    return _PATTERNS[_language()][unit].format(count=count)
