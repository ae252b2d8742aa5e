from tests.cast import make_customer
from tests.routes_values import World, value


@value("customer")
def _(world: World) -> int:
    return make_customer(world.merchant, world.consumer).pk
