from tests.coupons.makers import make_coupon, make_coupon_programme
from tests.routes_values import World, open_to, value


@value("token", "coupons:offer")
@value("token", "coupons:seen")
@value("token", "coupons:programme")
@value("token", "coupons:poster")
def _(world: World) -> str:
    return make_coupon_programme(world.shop.merchant).token


@value("token", "coupons:edit")
def _(world: World) -> str:
    return make_coupon_programme(world.shop.merchant, published=False).token


@value("token", "coupons:ticket")
def _(world: World) -> str:
    return make_coupon(world.shop.merchant, world.consumer).token


open_to["coupons:ticket"] = {"consumer"}
