from loyalty.models import FACES
from tests.loyalty.makers import make_programme
from tests.routes_values import World, posts, sent_by


def joining(world: World) -> dict[str, str]:
    make_programme(world.merchant)
    return {}


posts["loyalty:join"] = joining
sent_by["loyalty:join"] = "stranger"  # somebody without a card here
posts["loyalty:settings"] = lambda world: {
    "name": "青禾会员卡",
    "face": FACES[1],
    "points_per_unit": 2,
    "is_open": "on",
}
