"""Makers of payments, and the simulated provider's word sent as a real one sends it."""

import uuid
from typing import Any

from loyalty.models import Card
from orders import actions
from orders.models import Payment
from tests.loyalty.money import shop_of


def make_payment(card: Card, amount: int, **changes: Any) -> Payment:
    wanted = {"key": uuid.uuid4(), "shop": shop_of(card), "by": card.customer.user} | changes
    return actions.begin_top_up(card, amount, **wanted)
