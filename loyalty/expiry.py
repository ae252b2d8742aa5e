"""When points can be used and when they expire: at midnight on the calendar of the place."""

import calendar
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def usable_of(moment: datetime, days: int) -> datetime | None:
    """The midnight that begins the day ``days`` later; none when nothing waits."""
    if not days:
        return None
    zone = ZoneInfo(settings.HOME_TIME_ZONE)
    return datetime.combine(moment.astimezone(zone).date() + timedelta(days=days), time.min, tzinfo=zone)


def expiry_of(moment: datetime, months: int | None) -> datetime | None:
    """The midnight that ends the same day ``months`` later (the month's last day if it is shorter)."""
    if not months:
        return None
    zone = ZoneInfo(settings.HOME_TIME_ZONE)
    day = moment.astimezone(zone).date()
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    day = day.replace(year=year, month=month + 1, day=min(day.day, last))
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
