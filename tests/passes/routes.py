"""Values for the routes of visit passes, whichever app they belong to."""

import uuid
from typing import Any

from loyalty.actions import change_pass
from tests.loyalty.makers import make_card, make_programme
from tests.passes.makers import make_offer, sell
from tests.routes_values import World, open_to, posts, value


def held(world: World) -> Any:
    """The consumer's own pass at the merchant."""
    card = make_card(world.shop.merchant, world.consumer)
    return card.passes.select_related("card").first() or sell(card)


@value("offer", "loyalty:change_pass")
def _(world: World) -> int:
    return make_offer(make_programme(world.merchant)).pk


@value("number", "loyalty:refund_pass")
@value("number", "orders:sell_pass")
def _(world: World) -> str:
    return held(world).card.number


@value("token", "loyalty:refund_pass")
@value("token", "orders:pass_sold")
@value("token", "orders:undo_pass")
@value("token", "orders:use_visit")
@value("held", "consumers:refund_pass")
def _(world: World) -> str:
    return held(world).token


@value("token", "consumers:visit_passes")
@value("token", "consumers:refund_pass")
@value("token", "orders:buy_pass")
def _(world: World) -> str:
    return held(world).card.token


for page in ("visit_passes", "refund_pass"):
    open_to[f"consumers:{page}"] = {"consumer"}
open_to["orders:buy_pass"] = {"consumer"}


def offer(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    return {"key": uuid.uuid4(), "name": "洗车十次卡", "visits": 10, "price": "300"}


def quoted(world: World) -> dict[str, Any]:
    return {"key": uuid.uuid4(), "quoted": held(world).unearned}


posts["loyalty:passes"] = offer


def wanted(world: World) -> dict[str, Any]:
    offer = held(world).offer
    change_pass(offer, by=world.owner, sold_online=True)
    return {"key": uuid.uuid4(), "offer": offer.pk}


posts["orders:buy_pass"] = wanted
posts["loyalty:change_pass"] = lambda world: {"key": uuid.uuid4(), "what": "is_on"}
posts["loyalty:refund_pass"] = posts["consumers:refund_pass"] = quoted
posts["orders:sell_pass"] = lambda world: {"key": uuid.uuid4(), "offer": held(world).offer_id}
posts["orders:undo_pass"] = lambda world: {"key": uuid.uuid4(), "reason": "typed wrongly"}
posts["orders:use_visit"] = lambda world: {"key": uuid.uuid4()}
