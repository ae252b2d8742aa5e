from messaging.consent import unsubscribe_token
from messaging.models import Channel, Purpose
from tests.messaging.makers import make_message
from tests.routes_values import World, value


@value("message", "messaging:read_one")
def _(world: World) -> int:
    return make_message(world.consumer).pk


@value("token", "messaging:unsubscribe")
def _(world: World) -> str:
    return unsubscribe_token(world.consumer.pk, Purpose.DEALS.value, Channel.EMAIL.value)
