"""Counting who saw an offer: people once a day, by the way they came, and nobody by name."""

from datetime import date
from typing import Any

from django.db import connection

from coupons.models import CouponProgramme, Glance, Via
from portal.kernel.crypto import blind_index
from portal.kernel.models import User

# One statement, so that two pages opened at once count a person once; nothing but the database is asked.
_COUNT = """
WITH first AS (
    INSERT INTO coupons_glance (programme_id, seen_on, mark)
    SELECT %(programme)s, %(day)s, %(mark)s WHERE %(mark)s::bytea IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING 1
)
INSERT INTO coupons_sighting AS known (programme_id, seen_on, via, times)
SELECT %(programme)s, %(day)s, %(via)s, %(times)s WHERE %(mark)s::bytea IS NULL OR EXISTS (SELECT FROM first)
ON CONFLICT (programme_id, seen_on, via) DO UPDATE SET times = known.times + excluded.times
"""


def count_sighting(
    programme: CouponProgramme, *, day: date, via: Via = Via.LINK, person: User | None = None, times: int = 1
) -> bool:
    """The offer was shown on this day; False when ``person`` has been counted already.

    For a person a keyed mark is kept until the day is over (``forget_glances``). Without one the caller
    has to know that it is somebody new.
    """
    mark = blind_index(f"glance/{programme.pk}/{day}/{person.pk}") if person else None
    facts: dict[str, Any] = {"programme": programme.pk, "day": day, "via": via.value}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, facts | {"mark": mark, "times": times})
        return cursor.rowcount > 0


def forget_glances(*, before: date) -> int:
    """The marks of earlier days: the counts stay."""
    return Glance.objects.filter(seen_on__lt=before).delete()[0]
