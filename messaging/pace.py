"""No faster than the provider of a channel takes it, over all workers together."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from messaging.models import Pace


@transaction.atomic
def permits(channel: str, wanted: int, moment: datetime) -> int:
    """How many of ``wanted`` may leave now; the bucket holds one second's worth."""
    rate = settings.MESSAGING_PACE.get(channel)
    if not rate or not wanted:
        return wanted
    Pace.objects.get_or_create(channel=channel, defaults={"left": rate, "filled_at": moment})
    bucket = Pace.objects.select_for_update().get(channel=channel)
    passed = max(0.0, (moment - bucket.filled_at).total_seconds())
    held = min(float(rate), bucket.left + passed * rate)
    given = min(wanted, int(held))
    bucket.left, bucket.filled_at = held - given, max(moment, bucket.filled_at)
    bucket.save(update_fields=["left", "filled_at"])
    return given


def again_in(channel: str, waiting: int) -> float:
    """Seconds until that many more have had their turn."""
    rate = settings.MESSAGING_PACE.get(channel) or 1
    return max(1.0, waiting / rate)
