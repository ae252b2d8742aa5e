"""Keeping value for something that is under way, and letting it go again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from loyalty.models import Card, Hold, ValueKind
from loyalty.value.ledger import keep
from portal.kernel.db import retry_on_deadlock


@retry_on_deadlock
@transaction.atomic
def hold(
    card: Card,
    amount: int,
    *,
    value: ValueKind = ValueKind.POINTS,
    key: UUID,
    until: datetime,
    moment: datetime,
    document: str = "",
) -> Hold:
    """No other spend touches ``amount`` until ``until``, nor does it expire. Keyed as ``earn`` is."""
    return keep(card, value, amount, key=key, until=until, moment=moment, document=document)


@transaction.atomic
def let_go(held: Hold, *, moment: datetime) -> bool:
    """Free again before its time; False when it was captured or is free already."""
    return bool(Hold.objects.filter(pk=held.pk).live_at(moment).update(released_at=moment))
