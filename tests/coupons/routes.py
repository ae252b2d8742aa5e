import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.coupons.makers import TERMS, make_coupon, make_coupon_programme
from tests.routes_values import World, anew, open_to, posts, value


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


def terms(world: World) -> dict[str, Any]:
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=7)}
    return TERMS | {"amount_off": "15", "minimum": "60", "key": uuid.uuid4()} | days


posts["coupons:new"] = posts["coupons:edit"] = terms
posts["coupons:offer"] = lambda world: {"key": uuid.uuid4()}
posts["coupons:programme"] = lambda world: {"do": "end"}
posts["coupons:seen"] = lambda world: {}
anew["coupons:seen"] = "a page that is shown twice was seen twice"
