import uuid
from typing import Any

from orders.actions import ring_up
from tests.cast import some_phone
from tests.loyalty.makers import make_card, make_programme
from tests.routes_values import World, anew, posts, value


@value("token", "orders:undo")
@value("token", "orders:receipt")
def _(world: World) -> str:
    shop = world.shop
    card = make_card(world.merchant, world.consumer)
    return ring_up(
        merchant=world.merchant, shop=shop, bill=3800, key=uuid.uuid4(), by=world.owner, card=card
    ).token


def sale(world: World) -> dict[str, Any]:
    card = make_card(world.merchant)
    return {"key": uuid.uuid4(), "bill": "38", "shop": world.shop.slug, "card": card.token}


posts["orders:ring"] = sale
posts["orders:undo"] = lambda world: {"key": uuid.uuid4()}


def newcomer(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    return {"phone": some_phone()}


posts["orders:walk_in"] = newcomer
posts["orders:find"] = lambda world: {"code": make_card(world.merchant).token}
anew["orders:find"] = "a look-up; a wrong one is counted each time"
