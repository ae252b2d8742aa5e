from tests.complaints.makers import make_complaint
from tests.routes_values import World, open_to, value


@value("token", "complaints:case")
@value("token", "complaints:solved")
def _(world: World) -> str:
    return make_complaint(world.shop, world.consumer).token


open_to["complaints:case"] = {"consumer"}
