from tests.loyalty.makers import make_card
from tests.routes_values import World, open_to, value


@value("token", "consumers:card")
@value("token", "consumers:card_code")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).token


open_to["consumers:card"] = open_to["consumers:card_code"] = {"consumer"}
