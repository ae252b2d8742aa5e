"""Cards that owners of the demo town have designed, and a few that were printed."""

import random
import uuid
from typing import Any

from django.core.files.base import ContentFile

from loyalty import actions as loyalty
from loyalty.models import Card, Layout
from merchants.models.print_order import OrderState
from portal.home.demo.covers import draw_cover
from portal.home.demo.merchants import Business

OWN_COLOURS = ("#0c6b8a", "#ffcc4d", "#7a1f3d", "#e8dcc8", "#2f4858")
SLOGANS = ("街坊价，天天有", "来一次，记一次", "老味道，新朋友", "近，快，放心", "常来常往")
BENEFITS = ("生日当天双倍积分", "会员价提前知道", "十次送一次", "新品先尝")
PICTURED = 2  # cutting pictures takes its time; the first few are enough to see
DESIGNED = 24


def design_cards(dice: random.Random, businesses: list[Business]) -> None:
    """The first ones bring a picture, every third its own colour, the others keep to the twelve faces."""
    for number, business in enumerate(businesses[:DESIGNED]):
        look: dict[str, Any] = {
            "slogan": dice.choice(SLOGANS),
            "benefits": dice.sample(BENEFITS, 2),
            "number_style": dice.choice(("groups", "groups", "last")),
        }
        if number % 3 == 2:
            look |= {"face": "own", "base": dice.choice(OWN_COLOURS)}
        loyalty.save_step(business.merchant, by=business.owner, **look)
        if number < PICTURED:
            _bring_a_picture(dice, business, Layout.FULL if number else Layout.SIDE)
        loyalty.publish_design(business.merchant, by=business.owner)


def _bring_a_picture(dice: random.Random, business: Business, layout: Layout) -> None:
    upload = ContentFile(draw_cover(business.trade.cover, dice), name="card.jpg")
    picture = loyalty.add_picture(business.merchant, upload, by=business.owner)
    loyalty.place_picture(business.merchant, layout, by=business.owner, picture=picture)


def print_cards(dice: random.Random, businesses: list[Business], consumers: Card) -> None:
    """One batch that is being given out, and orders in every state of their way."""
    for business, state in zip(businesses, (OrderState.PRINTING, None, OrderState.SENT), strict=False):
        key = uuid.UUID(int=dice.getrandbits(128))
        batch = loyalty.make_batch(business.merchant, 16, key=key, by=business.owner)
        order = loyalty.ask_for_print(batch, address="人民路 88 号，店主收", by=business.owner)
        for step in (OrderState.PRINTING, OrderState.SENT):
            if state == step or state == OrderState.SENT:
                loyalty.move_order(order, step, by=business.owner)
        if business is businesses[0]:
            loyalty.link_medium(batch.media.order_by("pk")[0], consumers, by=business.till)
