import uuid

from orders.actions import ring_up
from tests.loyalty.makers import make_card
from tests.routes_values import World, value


@value("token", "orders:undo")
@value("token", "orders:receipt")
def _(world: World) -> str:
    shop = world.shop
    card = make_card(world.merchant, world.consumer)
    return ring_up(
        merchant=world.merchant, shop=shop, bill=3800, key=uuid.uuid4(), by=world.owner, card=card
    ).token
