"""What members of the demo town get for points and for coming often."""

import uuid

from loyalty.actions import rewards, stamps
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
