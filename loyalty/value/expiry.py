"""When points can be used and when they expire: at midnight on the calendar of the place.

``zone``: of the shop where it happened, and of the merchant where no shop is named. Whoever has many rows to
judge asks for the zone in the same question (``zone_of``), or once.
"""

import calendar
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from merchants.models import Shop


def usable_of(moment: datetime, days: int, zone: str) -> datetime | None:
    """The midnight that begins the day ``days`` later; none when nothing waits."""
    if not days:
        return None
    place = ZoneInfo(zone)
    return datetime.combine(moment.astimezone(place).date() + timedelta(days=days), time.min, tzinfo=place)


def expiry_of(moment: datetime, months: int | None, zone: str) -> datetime | None:
    """The midnight that ends the same day ``months`` later (the month's last day if it is shorter)."""
    if not months:
        return None
    place = ZoneInfo(zone)
    day = moment.astimezone(place).date()
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    day = day.replace(year=year, month=month + 1, day=min(day.day, last))
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=place)


def zone_of(merchant: str = "merchant") -> Any:
    """``Merchant.zone`` as a part of another question; ``merchant``: how that one names the merchant."""
    shops = Shop.objects.filter(merchant=OuterRef(merchant)).order_by("pk").values("time_zone")[:1]
    return Coalesce(Subquery(shops), Value(settings.HOME_TIME_ZONE), output_field=CharField())
