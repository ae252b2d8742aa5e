"""Which corrections wait for our staff and which for an owner."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from merchants.models import CorrectionState
from merchants.models.correction import ENOUGH

OWNER_HAS = timedelta(days=3)  # then our staff decide about claimed shops as well


def for_staff(rows: Any, moment: datetime) -> Any:
    """Unclaimed listings, merges, weak reports, and what an owner has left lying for three days."""
    late = Q(created_at__lt=moment - OWNER_HAS)
    ours = Q(shop__merchant=None) | Q(wrong="duplicate") | Q(weight__lt=ENOUGH) | late
    return rows.filter(ours, state=CorrectionState.OPEN)
