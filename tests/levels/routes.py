"""Values for the routes of levels, rules, rewards and stamps, whichever app they belong to."""

import uuid
from datetime import timedelta
from typing import Any

from loyalty.actions import run_points_campaign
from loyalty.actions.rewards import redeem_reward
from loyalty.models import Level
from loyalty.web.level_forms import from_preset
from loyalty.web.rule_forms import begin_with
from tests.loyalty.makers import (
    agreed_points,
    home_today,
    make_card,
    make_levels,
    make_programme,
    make_reward,
    make_scheme,
)
from tests.routes_values import World, open_to, posts, value


@value("number", "loyalty:card_level")
def _(world: World) -> str:
    card = make_card(world.merchant, world.consumer, points=40)
    make_levels(card.programme)
    return card.number


@value("campaign", "loyalty:stop_campaign")
def _(world: World) -> int:
    day = home_today()
    asked = {"name": "双倍积分", "starts_on": day, "ends_on": day, "multiplier": 200, "key": uuid.uuid4()}
    return run_points_campaign(make_programme(world.merchant), by=world.owner, **asked).pk


def levels(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    begin = from_preset("amount") | {f"multiplier_{rank}": 100 for rank in (1, 2, 3)}
    return (
        begin
        | {f"discount_{rank}": 0 for rank in (1, 2, 3)}
        | {f"name_{rank}": f"{rank}级" for rank in range(4)}
    )


def rules(world: World) -> dict[str, Any]:
    return begin_with(make_programme(world.merchant), None, None, "usual")


def gift(world: World) -> dict[str, Any]:
    gold = Level.objects.get(programme__merchant=world.merchant, rank=2)
    until = home_today() + timedelta(days=30)
    return {"key": uuid.uuid4(), "level": gold.pk, "until": until.isoformat(), "reason": "老顾客"}


def campaign(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    day = home_today().isoformat()
    return {"key": uuid.uuid4(), "name": "周年庆", "starts_on": day, "ends_on": day, "multiplier": 300}


posts["loyalty:levels"] = levels
posts["loyalty:rules"] = rules
posts["loyalty:card_level"] = gift
posts["loyalty:campaign"] = campaign
posts["loyalty:stop_campaign"] = lambda world: {}


@value("reward", "loyalty:change_reward")
def _(world: World) -> int:
    return make_reward(make_programme(world.merchant)).pk


@value("scheme", "loyalty:change_stamps")
def _(world: World) -> int:
    return make_scheme(make_programme(world.merchant)).pk


def reward(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    return {"key": uuid.uuid4(), "name": "饮料一杯", "cost": 200, "stock": 10, "days": 90}


def scheme(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    asked = {"name": "十次送一次", "needed": 10, "gift": "免费一次", "basis": "visit", "days": 90}
    return {"key": uuid.uuid4(), **asked}


posts["loyalty:rewards"] = reward
posts["loyalty:change_reward"] = lambda world: {"key": uuid.uuid4(), "stock": 20}
posts["loyalty:stamps"] = scheme
posts["loyalty:change_stamps"] = lambda world: {"key": uuid.uuid4()}


def member(world: World) -> str:
    return make_card(world.shop.merchant, world.consumer, points=500).token


for route in ("member", "redeem", "stamp", "use_voucher", "undo_voucher"):
    value("token", f"orders:{route}")(member)


def exchanged(world: World, *, handed_over: bool) -> str:
    """By the owner, who may undo what they handed over themselves."""
    card = make_card(world.merchant, world.consumer, points=500)
    asked = {"key": uuid.uuid4(), "shop": world.shop, "by": world.owner, "handed_over": handed_over}
    return redeem_reward(make_reward(card.programme), card, **asked).token


value("voucher", "orders:use_voucher")(lambda world: exchanged(world, handed_over=False))
value("voucher", "orders:undo_voucher")(lambda world: exchanged(world, handed_over=True))


def exchanging(world: World) -> dict[str, Any]:
    card = make_card(world.merchant, world.consumer)
    approval = agreed_points(card).token
    return {"key": uuid.uuid4(), "reward": make_reward(card.programme).pk, "approval": approval}


posts["orders:redeem"] = exchanging
posts["orders:stamp"] = lambda world: {
    "key": uuid.uuid4(),
    "scheme": make_scheme(make_card(world.merchant, world.consumer).programme).pk,
    "count": 1,
}
posts["orders:use_voucher"] = lambda world: {"key": uuid.uuid4()}
posts["orders:undo_voucher"] = lambda world: {"key": uuid.uuid4()}


@value("token", "consumers:rewards")
@value("token", "consumers:undo_reward")
def _(world: World) -> str:
    return make_card(world.shop.merchant, world.consumer, points=500).token


@value("voucher", "consumers:undo_reward")
def _(world: World) -> str:
    card = make_card(world.merchant, world.consumer, points=500)
    asked = {"key": uuid.uuid4(), "shop": world.shop, "by": world.consumer}
    return redeem_reward(make_reward(card.programme), card, **asked).token


for page in ("rewards", "undo_reward"):
    open_to[f"consumers:{page}"] = {"consumer"}


def exchange(world: World) -> dict[str, Any]:
    card = make_card(world.merchant, world.consumer, points=500)
    return {"key": uuid.uuid4(), "reward": make_reward(card.programme).pk}


posts["consumers:rewards"] = exchange
posts["consumers:undo_reward"] = lambda world: {}
