import uuid

from complaints.models import Reason
from tests.complaints.makers import make_complaint
from tests.routes_values import World, open_to, posts, value


@value("token", "complaints:case")
@value("token", "complaints:decide")
def _(world: World) -> str:
    return make_complaint(world.shop, world.consumer).token


open_to["complaints:case"] = {"consumer"}

posts["complaints:report"] = lambda world: {
    "key": uuid.uuid4(),
    "reason": Reason.values[0],
    "said": "头发剪坏了",
}
posts["complaints:case"] = lambda world: {"key": uuid.uuid4(), "said": "还没有人联系我"}
posts["complaints:decide"] = lambda world: {"to": "withdrawn", "seen": 1}
