"""Who comes regularly, and who of them is late by their own rhythm.

The rhythm is the mean time between visits, (last − first) / (visits − 1). Somebody with at least four
visits is a regular; a regular is late after twice that rhythm and at least two weeks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, Extract

from merchants.models import Customer, Merchant

VISITS_OF_A_REGULAR = 4
TIMES_THE_RHYTHM = 2
AT_LEAST = timedelta(days=14)
ENOUGH = 10  # regulars; below that "late" says more about chance than about people


@dataclass(frozen=True)
class Regulars:
    all: int
    late: int

    @property
    def are_enough(self) -> bool:
        return self.all >= ENOUGH


def _seconds(column: str) -> Cast:
    return Cast(Extract(column, "epoch"), FloatField())


def _rhythms(merchant: Merchant, moment: datetime) -> QuerySet[Customer]:
    """Without a division: away · (visits − 1) against twice the time from the first to the last visit."""
    away = Value(moment.timestamp(), FloatField()) - _seconds("last_visit_at")
    between = _seconds("last_visit_at") - _seconds("first_visit_at")
    regulars = Customer.objects.of(merchant).filter(visits__gte=VISITS_OF_A_REGULAR)
    return regulars.annotate(waited=away * (F("visits") - 1), patience=between * TIMES_THE_RHYTHM)


def _late(moment: datetime) -> Q:
    return Q(waited__gt=F("patience"), last_visit_at__lt=moment - AT_LEAST)


def late_regulars(merchant: Merchant, moment: datetime) -> QuerySet[Customer]:
    return _rhythms(merchant, moment).filter(_late(moment))


def regulars_of(merchant: Merchant, moment: datetime) -> Regulars:
    counts = _rhythms(merchant, moment).aggregate(all=Count("pk"), late=Count("pk", filter=_late(moment)))
    return Regulars(**counts)
