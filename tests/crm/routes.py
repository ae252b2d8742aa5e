from tests.cast import make_customer
from tests.routes_values import World, anew, posts, value


@value("customer")
def _(world: World) -> int:
    return make_customer(world.merchant, world.consumer).pk


posts["crm:phone"] = lambda world: {}
anew["crm:phone"] = "each look at a number is written down"
