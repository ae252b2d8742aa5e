import uuid

from complaints.models import Attachment, Reason
from tests.complaints.makers import make_attachment, make_complaint
from tests.routes_values import World, open_to, posts, value


@value("token", "complaints:case")
@value("token", "complaints:decide")
def _(world: World) -> str:
    return make_complaint(world.shop, world.consumer).token


@value("token", "complaints:file")
def _(world: World) -> str:
    return make_attachment(world.consumer, world.shop).complaint.token


@value("code", "complaints:file")
def _(world: World) -> str:
    return Attachment.objects.latest("pk").code


open_to["complaints:file"] = set()  # the walk outlives its media; tests/complaints/test_files.py opens them
open_to["complaints:case"] = {"consumer"}

posts["complaints:report"] = lambda world: {
    "key": uuid.uuid4(),
    "reason": Reason.values[0],
    "said": "头发剪坏了",
}
posts["complaints:case"] = lambda world: {"key": uuid.uuid4(), "said": "还没有人联系我"}
posts["complaints:decide"] = lambda world: {"to": "withdrawn", "seen": 1}
