from tests.loyalty.makers import make_card
from tests.routes_values import World, open_to, value


@value("token", "consumers:card")
@value("token", "consumers:card_code")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).token


open_to["consumers:card"] = open_to["consumers:card_code"] = {"consumer"}


@value("area")
def _(world: World) -> str:
    return "changshu-road"


@value("category", "consumers:area_category")
def _(world: World) -> str:
    return world.shop.category.slug


@value("number", "home:sitemap_shops")
def _(world: World) -> int:
    return 0
