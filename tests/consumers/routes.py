from tests.consumers.makers import make_review
from tests.loyalty.makers import make_card
from tests.routes_values import World, anew, open_to, posts, value


@value("token", "consumers:card")
@value("token", "consumers:card_code")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).token


@value("token", "consumers:report_review")
@value("token", "consumers:my_review")
@value("token", "consumers:edit_review")
@value("token", "consumers:withdraw_review")
@value("token", "consumers:reply")
@value("token", "consumers:report_to_staff")
def _(world: World) -> str:
    said = "剪得很好，<b>不推销</b>"
    return make_review(world.shop, world.consumer, stars=2, said=said).token


open_to["consumers:card"] = open_to["consumers:card_code"] = {"consumer"}
open_to["consumers:my_review"] = open_to["consumers:edit_review"] = {"consumer"}


@value("area")
def _(world: World) -> str:
    return "changshu-road"


@value("category", "consumers:area_category")
def _(world: World) -> str:
    return world.shop.category.slug


@value("number", "home:sitemap_shops")
def _(world: World) -> int:
    return 0


posts["consumers:look_from"] = lambda world: {"point": "31.23,121.47", "next": "/nearby/"}
anew["consumers:look_from"] = "a cookie, no row"
