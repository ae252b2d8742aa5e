"""Quiet hours: wall-clock times in the receiver's own zone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(moment: datetime, *, zone: str, start: time, end: time) -> datetime | None:
    """When the quiet hours that ``moment`` falls into end; None when it falls into none.

    Half-open: at ``start`` it is quiet, at ``end`` no longer. Equal times mean no quiet hours. Both
    are read off the clock on the wall, so a night in which the clocks change is an hour longer or shorter.
    """
    if start == end:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    now = local.time()
    overnight = start > end
    if not (now >= start or now < end if overnight else start <= now < end):
        return None
    day = local.date() + timedelta(days=1 if overnight and now >= start else 0)
    return datetime.combine(day, end, tzinfo=ZoneInfo(zone)).astimezone(moment.tzinfo)
