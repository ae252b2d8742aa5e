"""Waves of reviews: when many people who bought nothing judge one shop at once, staff look first."""

from datetime import datetime, timedelta

from django.db.models import Count, Q

from consumers.models import Held, Kind, Review, State
from merchants.models import Shop

LEAST = 5  # ordinary reviews of a shop in one day; below that it is talk, not a wave
TIMES_THE_USUAL = 4  # against the shop's own mean of the last ninety days
DAY, USUAL = timedelta(days=1), timedelta(days=90)


def is_bursting(shop: Shop, moment: datetime) -> bool:
    """Whether one more ordinary review would be part of a wave."""
    lately = Review.objects.about(shop).filter(kind=Kind.ORDINARY, purchase=None)
    counts = lately.filter(written_at__range=(moment - USUAL, moment)).aggregate(
        today=Count("pk", filter=Q(written_at__gt=moment - DAY)), usual=Count("pk")
    )
    before = (counts["usual"] - counts["today"]) / (USUAL / DAY - 1)
    return bool(counts["today"] >= LEAST and counts["today"] > TIMES_THE_USUAL * before)


def hold_wave(shop: Shop, moment: datetime) -> int:
    """Those of the last day that are already up wait with the others, unless staff have looked at them."""
    wave = Review.objects.about(shop).filter(
        kind=Kind.ORDINARY, purchase=None, state=State.SHOWN, written_at__gt=moment - DAY, decisions=None
    )
    return wave.update(state=State.HELD, held_for=Held.BURST)
