"""Makers of visit passes, built on the verbs."""

import uuid
from typing import Any

from loyalty import actions
from loyalty.models import Card, PassOffer, Programme, Refund, VisitPass
from orders.actions import ring_up_visit
from orders.models import Purchase
from tests.cast import owner_of
from tests.loyalty.money import shop_of


def make_offer(programme: Programme, **terms: Any) -> PassOffer:
    """Ten washes for 300 yuan."""
    asked = {"name": "洗车十次卡", "name_en": "Ten washes", "visits": 10, "price": 30_000} | terms
    facts: dict[str, Any] = {"by": owner_of(programme.merchant), "key": uuid.uuid4()}
    return actions.offer_pass(programme, **facts, **asked)


def sell(card: Card, offer: PassOffer | None = None, *, moment: Any = None, **terms: Any) -> VisitPass:
    """Taken by the owner of the merchant."""
    offer = offer or make_offer(card.programme, **terms)
    facts: dict[str, Any] = {"key": uuid.uuid4(), "by": owner_of(card.merchant), "shop": shop_of(card)}
    return actions.sell_pass(card, offer, moment=moment, **facts)


def visit(held: VisitPass, **changes: Any) -> Purchase:
    """One visit, at the counter of the merchant's first shop."""
    facts = {"key": uuid.uuid4(), "by": owner_of(held.merchant), "shop": shop_of(held.card)} | changes
    return ring_up_visit(held, **facts)


def left(held: VisitPass) -> int:
    return VisitPass.objects.select_related("lot").get(pk=held.pk).lot.remaining


def refund(held: VisitPass, quoted: int, **changes: Any) -> Refund:
    facts: dict[str, Any] = {"key": uuid.uuid4(), "by": held.card.customer.user} | changes
    return actions.refund_pass(held, quoted=quoted, **facts)
