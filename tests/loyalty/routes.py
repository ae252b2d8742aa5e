import uuid

from loyalty.actions import freeze
from loyalty.models import FACES
from tests.loyalty.makers import make_card, make_programme
from tests.routes_values import World, posts, sent_by, value


@value("number", "loyalty:card")
@value("number", "loyalty:adjust")
@value("number", "loyalty:freeze")
@value("number", "loyalty:release")
@value("number", "loyalty:replace")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer, points=40).number


def joining(world: World) -> dict[str, str]:
    make_programme(world.merchant)
    return {}


def frozen(world: World) -> dict[str, str]:
    freeze(make_card(world.merchant, world.consumer), by=world.owner)
    return {}


posts["loyalty:join"] = joining
sent_by["loyalty:join"] = "stranger"  # somebody without a card here
posts["loyalty:settings"] = lambda world: {
    "name": "青禾会员卡",
    "face": FACES[1],
    "points_per_unit": 2,
    "is_open": "on",
}
posts["loyalty:adjust"] = lambda world: {"key": str(uuid.uuid4()), "points": "5", "reason": "till was down"}
posts["loyalty:freeze"] = lambda world: {"because": "left at the counter"}
posts["loyalty:release"] = frozen
posts["loyalty:replace"] = lambda world: {"sure": "1"}
