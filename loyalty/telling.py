"""Telling a card's holder what happened to it."""

from typing import Any

from django.urls import reverse

from loyalty.models import Card
from messaging.actions import tell
from messaging.kinds import Kind


def tell_holder(card_id: int, kind: Kind, *, occurrence: str, **facts: Any) -> None:
    """Nobody is told of a card that nobody's account holds."""
    card = Card.objects.in_full().get(pk=card_id)
    if holder := card.customer.user:
        tell(
            holder,
            kind,
            occurrence=occurrence,
            url=reverse("kernel:resolve", args=[card.token]),
            merchant=card.programme.merchant.name,
            **({"number": card.number_in_groups} | facts),
        )
