"""What members of the demo town get for points and for coming often, and what they pay ahead."""

import random
import uuid
from datetime import datetime, timedelta
from typing import Any

from loyalty import actions as loyalty
from loyalty.actions import rewards, stamps
from loyalty.models import Card, PassOffer
from orders.actions import ring_up_visit
from portal.home.demo.merchants import Business

EVERY = 3  # every so manieth business; stamping costs each of its sales a little time
SPACE = uuid.UUID("5b0f2f2e-6c1e-4a55-9a1b-3f0a6a6b1c70")


def offer_gifts(business: Business, number: int) -> None:
    """Two rewards and a stamp card; the first business, where the cast works, has them."""
    if number % EVERY:
        return
    by = business.owner
    wares = (("自选小礼物一份", "A small gift", 200, 60), ("老会员谢礼", "A thank-you for regulars", 800, 12))
    for name, name_en, cost, stock in wares:
        key = uuid.uuid5(SPACE, f"{business.merchant.slug} {name}")
        facts = {"name": name, "name_en": name_en, "cost": cost, "stock": stock, "days": 90}
        rewards.offer_reward(business.programme, by=by, key=key, **facts)
    key = uuid.uuid5(SPACE, business.merchant.slug)
    facts = {"name": "满十送一", "name_en": "Ten visits, one free", "needed": 10}
    gift = {"gift": "免费服务一次", "gift_en": "One free visit"}
    stamps.run_stamp_scheme(business.programme, by=by, key=key, **facts, **gift)
    key = uuid.uuid5(SPACE, f"pass {business.merchant.slug}")
    price = business.prices[0] * 8  # ten for eight
    asked = {
        "name": "十次卡",
        "name_en": "Ten visits",
        "visits": 10,
        "price": price,
        "months": 12,
        "sold_online": True,
    }
    loyalty.offer_pass(business.programme, by=by, key=key, **asked)


def use_a_pass(dice: random.Random, business: Business, card: Card, now: datetime) -> None:
    """A pass bought some weeks ago, of which some visits are used: where passes are sold."""
    offer = PassOffer.objects.of(business.programme).sold_now().first()
    if offer is None:
        return

    def facts(days: int) -> dict[str, Any]:
        where = {"shop": business.shops[0], "by": business.till}
        return where | {"key": uuid.UUID(int=dice.getrandbits(128)), "moment": now - timedelta(days=days)}

    held = loyalty.sell_pass(card, offer, **facts(40))
    for days in (33, 19, 6):
        ring_up_visit(held, **facts(days))
