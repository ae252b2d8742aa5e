"""Telling a card's holder what happened to it."""

from typing import Any

from django.urls import reverse

from loyalty.models import Card
from messaging.actions import tell
from messaging.kinds import Kind, register
from messaging.models import Purpose


def told_of_money(name: str, title: Any, body: Any) -> Kind:
    """A message that nobody switches off: the account of what happened to what was paid."""
    return register(Kind(name=f"loyalty.{name}", purpose=Purpose.MONEY, title=title, body=body))


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
