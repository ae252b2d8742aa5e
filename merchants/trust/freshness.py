"""How much a listing can still be believed: halves with every half year in which nobody confirmed it.

``2 ** (-age / HALF_LIFE)`` of ``shop.confirmed_at``: 1 just now, 0.5 after 180 days, 0 for a listing that
nobody has ever confirmed. The order by freshness is the order by ``confirmed_at``, so an index on that
column serves every moment.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, Expression, F, FloatField, Value, When
from django.db.models.functions import Extract, Greatest, Power

HALF_LIFE = timedelta(days=180)
GOOD, FAIR = 0.5, 0.25  # confirmed within half a year, within a year


class Freshness(StrEnum):
    """The words for it, from best to worst."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    UNKNOWN = "unknown"


def freshness(confirmed_at: datetime | None, moment: datetime) -> float:
    """0 to 1."""
    if confirmed_at is None:
        return 0.0
    age = max(moment - confirmed_at, timedelta())
    return float(0.5 ** (age / HALF_LIFE))


def fresh_at(moment: datetime) -> Expression:
    """The same as an annotation of shops: ``shops.annotate(freshness=fresh_at(now))``."""
    seconds = Greatest(
        Value(moment.timestamp()) - Extract(F("confirmed_at"), "epoch"), 0.0, output_field=FloatField()
    )
    halved = Power(Value(0.5), seconds / Value(HALF_LIFE.total_seconds()), output_field=FloatField())
    # not COALESCE: greatest() passes over NULL
    return Case(When(confirmed_at=None, then=0.0), default=halved, output_field=FloatField())


def grade(confirmed_at: datetime | None, moment: datetime) -> Freshness:
    if confirmed_at is None:
        return Freshness.UNKNOWN
    value = freshness(confirmed_at, moment)
    return Freshness.FRESH if value >= GOOD else Freshness.AGEING if value >= FAIR else Freshness.STALE


def confirmed_within(moment: datetime) -> dict[Freshness, Any]:
    """The limits of the grades as conditions on ``confirmed_at``, which an index can answer."""
    half, year = moment - HALF_LIFE, moment - 2 * HALF_LIFE
    return {
        Freshness.FRESH: {"confirmed_at__gte": half},
        Freshness.AGEING: {"confirmed_at__lt": half, "confirmed_at__gte": year},
        Freshness.STALE: {"confirmed_at__lt": year},
        Freshness.UNKNOWN: {"confirmed_at": None},
    }
