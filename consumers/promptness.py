"""How soon a shop usually answers: said only where its own answers show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from consumers.models import Conversation, Letter, Promptness

LEAST = 3  # waits; fewer are chance
LATELY = timedelta(days=90)
MOST_READ = 100
HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True)
class Pace:
    """The words for every wait up to ``minutes``."""

    minutes: int
    says: Any


PACES = (
    Pace(HOUR, _("Usually answers within an hour")),
    Pace(4 * HOUR, _("Usually answers within a few hours")),
    Pace(DAY, _("Usually answers within a day")),
    Pace(3 * DAY, _("Usually answers within three days")),
)


def in_words(minutes: int | None) -> str:
    """Empty where nobody knows, or where it takes longer than anybody should be promised."""
    if minutes is None:
        return ""
    return next((str(pace.says) for pace in PACES if minutes <= pace.minutes), "")


def usual_wait(waits: list[float]) -> int | None:
    """The wait in whole minutes that four of five didn't exceed (nearest rank); None for too few.

    >>> usual_wait([60.0, 120.0, 180.0, 240.0, 86400.0])
    4
    """
    if len(waits) < LEAST:
        return None
    rank = -(-len(waits) * 4 // 5)  # rounded up
    return int(-(-sorted(waits)[rank - 1] // 60))


def reckon(shop_id: int, moment: datetime) -> int | None:
    """Work it out from the last ninety days. Who still waits counts with the time so far: silence is slow."""
    answers = Letter.objects.filter(
        conversation__shop=shop_id, waited_s__isnull=False, written_at__gt=moment - LATELY
    )
    spans = answers.order_by("-pk").values_list("waited_s", flat=True)[:MOST_READ]
    waits = [float(span or 0) for span in spans]
    waiting = Conversation.objects.filter(
        shop=shop_id, closed_at=None, blocked_by_shop=False, waiting_since__gt=moment - LATELY
    )
    since = waiting.order_by("-waiting_since").values_list("waiting_since", flat=True)[:MOST_READ]
    waits += [wait for one in since if one and (wait := (moment - one).total_seconds()) > DAY * 60]
    minutes = usual_wait(waits)
    if minutes is None:
        Promptness.objects.filter(shop=shop_id).delete()
    else:
        Promptness.objects.update_or_create(shop_id=shop_id, defaults={"minutes": minutes})
    return minutes
