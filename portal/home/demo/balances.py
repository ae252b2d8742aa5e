"""Money on the demo's cards: which merchants take it, and members who pay in ahead."""

import random
import uuid
from datetime import datetime

from loyalty import actions as loyalty
from loyalty.models import Card
from portal.home.demo.merchants import Business

TIERS = ((10_000, 1_000), (30_000, 4_000), (100_000, 20_000))
SHARE = 0.03  # of the visits by card on which somebody pays in ahead


def takes_money(business: Business) -> bool:
    """The chains, and every other of the small ones."""
    return len(business.shops) > 1 or business.merchant.pk % 2 == 0


def allow(business: Business) -> None:
    if takes_money(business):
        loyalty.offer_stored_value(business.programme, by=business.owner, is_on=True, tiers=TIERS)


def perhaps_pay_in(dice: random.Random, business: Business, card: Card, moment: datetime) -> None:
    if takes_money(business) and dice.random() < SHARE:
        pay_in(dice, business, card, moment)


def pay_in(dice: random.Random, business: Business, card: Card, moment: datetime) -> None:
    key = uuid.UUID(int=dice.getrandbits(128))
    paid = dice.choice([tier[0] for tier in TIERS])
    loyalty.top_up(card, paid, key=key, shop=business.shops[0], by=business.till, moment=moment)
