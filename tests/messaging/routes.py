import json
import time

from messaging.actions import choose
from messaging.channels.gateway import signature
from messaging.consent import unsubscribe_token
from messaging.models import Channel, Purpose, Source
from tests.messaging.makers import make_message
from tests.messaging.test_browsers import ENDPOINT, browser_fields
from tests.routes_values import Raw, World, posts, value


@value("message", "messaging:read_one")
def _(world: World) -> int:
    return make_message(world.consumer).pk


@value("token", "messaging:unsubscribe")
def _(world: World) -> str:
    return unsubscribe_token(world.consumer.pk, Purpose.DEALS.value, Channel.EMAIL.value)


def bound(world: World) -> dict[str, str]:
    world.browsers["consumer"].post("/me/push/", browser_fields())
    return {"endpoint": ENDPOINT}


def unsubscribing(world: World) -> dict[str, str]:
    choose(world.consumer, {(Purpose.DEALS.value, Channel.EMAIL.value): True}, source=Source.PAGE)
    return {"List-Unsubscribe": "One-Click"}


posts["messaging:read_all"] = posts["messaging:read_one"] = lambda world: {}
posts["messaging:notifications"] = lambda world: {
    "quiet_from": "22:30",
    "quiet_until": "08:00",
    "deals.push": "on",
}
posts["messaging:push_subscribe"] = lambda world: browser_fields()
posts["messaging:push_forget"] = bound
posts["messaging:unsubscribe"] = unsubscribing


def said_by_the_provider(world: World) -> Raw:
    """A report that is signed, as the provider would send it: somebody wants no more texts."""
    choose(world.consumer, {(Purpose.DEALS.value, Channel.SMS.value): True}, source=Source.PAGE)
    body, stamp = json.dumps({"from": world.consumer.phone, "text": "R"}).encode(), str(int(time.time()))
    return Raw(body, {"X-Timestamp": stamp, "X-Signature": signature(stamp, body)})


posts["messaging:sms_report"] = said_by_the_provider
