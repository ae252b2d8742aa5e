"""Makers of cards with money on them, built on the verbs."""

import uuid
from typing import Any

from django.utils import timezone

from loyalty import actions
from loyalty.models import Card, TopUp
from loyalty.value.ledger import Paid
from loyalty.value.quoting import quote_of
from merchants.models import Shop
from portal.kernel.models import User
from tests.cast import owner_of
from tests.loyalty.makers import make_card

TIERS = [(50_000, 5_000), (300_000, 100_000)]


def shop_of(card: Card) -> Shop:
    return Shop.objects.filter(merchant_id=card.merchant_id).order_by("pk")[0]


def make_money_card(shop: Shop, user: User | None = None, **terms: Any) -> Card:
    """A member of a merchant whose card takes money: 500 gives 50 on top, 3,000 gives 1,000."""
    card = make_card(shop.merchant, user)
    wanted = {"is_on": True, "tiers": TIERS} | terms
    actions.offer_stored_value(card.programme, by=owner_of(shop.merchant), **wanted)
    return card


def pay_in(card: Card, paid: int, **changes: Any) -> TopUp:
    """Taken by the owner of the merchant unless ``by`` says otherwise."""
    wanted = {"key": uuid.uuid4(), "by": owner_of(card.merchant), "shop": shop_of(card)} | changes
    return actions.top_up(card, paid, **wanted)


def pay_with(card: Card, amount: int, **changes: Any) -> Paid:
    wanted = {"key": uuid.uuid4(), "by": owner_of(card.merchant), "shop": shop_of(card)} | changes
    return actions.pay_with_balance(card, amount, **wanted)


def to_refund(card: Card) -> dict[str, Any]:
    """What somebody sends who was shown the card's quote just now."""
    return {"key": uuid.uuid4(), "quoted": quote_of(card, timezone.now()).amount}
