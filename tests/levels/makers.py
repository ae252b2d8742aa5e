"""A day in June, and levels given by decision."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from loyalty import actions
from loyalty.models import Level

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 6, 15, 12, tzinfo=SHANGHAI)


def give(card, rank, by, *, until=None, key=None, reason="regular of twenty years", moment=NOW):
    level = Level.objects.get(programme=card.programme, rank=rank)
    until = until or moment.date() + timedelta(days=60)
    return actions.give_level(
        card, level, reason=reason, until=until, key=key or uuid.uuid4(), by=by, moment=moment
    )
