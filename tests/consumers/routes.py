import uuid
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from consumers.models import Harm, Rule
from consumers.position import COOKIE
from loyalty.actions import ask_for_code, freeze, give_key
from loyalty.actions.pins import CODES_SENT
from portal.kernel.limits import forget
from tests.consumers.makers import make_letter, make_purchase, make_review
from tests.loyalty.makers import CODE, PIN, ask_again, make_approval, make_card, make_pin
from tests.loyalty.money import make_money_card, pay_in, to_refund
from tests.routes_values import World, anew, open_to, posts, sent_by, value


@value("token", "consumers:card")
@value("token", "consumers:card_code")
@value("token", "consumers:card_statement")
@value("token", "consumers:card_freeze")
@value("token", "consumers:card_release")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).token


@value("token", "consumers:money")
@value("token", "consumers:close_card")
@value("token", "consumers:take_back")
def _(world: World) -> str:
    card = make_money_card(world.shop, world.consumer)
    if not card.top_ups.exists():
        pay_in(card, 50_000)
    return card.token


@value("receipt")
def _(world: World) -> str:
    return pay_in(make_money_card(world.shop, world.consumer), 10_000).token


@value("token", "consumers:report_review")
@value("token", "consumers:my_review")
@value("token", "consumers:edit_review")
@value("token", "consumers:withdraw_review")
@value("token", "consumers:reply")
@value("token", "consumers:report_to_staff")
def _(world: World) -> str:
    said = "剪得很好，<b>不推销</b>"
    return make_review(world.shop, world.consumer, stars=2, said=said).token


MONEY = ("money", "close_card", "take_back")


@value("token", "consumers:approval")
@value("token", "consumers:approve")
@value("token", "consumers:decline")
@value("token", "consumers:pin")
@value("token", "consumers:pin_code")
@value("token", "consumers:pay")
def _(world: World) -> str:
    assert world.shop
    card = make_card(world.merchant, world.consumer, points=300)
    if not hasattr(card, "pin"):
        make_pin(card)
    return card.token


@value("token", "consumers:card_keys")
@value("token", "consumers:card_key_revoke")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).token


@value("key", "consumers:card_key_revoke")
def _(world: World) -> int:
    card = make_card(world.merchant, world.consumer)
    return give_key(card, device="iPhone", by=world.consumer, moment=timezone.now()).pk


posts["consumers:card_keys"] = posts["consumers:card_key_revoke"] = lambda world: {}
anew["consumers:card_keys"] = "each browser that asks has a key of its own"


@value("approval")
def _(world: World) -> str:
    assert world.shop
    return make_approval(make_card(world.merchant, world.consumer)).token


def code_and_pin(world: World) -> dict[str, Any]:
    card = make_card(world.merchant, world.consumer)
    forget(CODES_SENT, world.consumer.pk)
    with patch("loyalty.actions.pins.secrets.randbelow", return_value=int(CODE)):
        ask_for_code(card, by=world.consumer, moment=timezone.now())
    return {"code": CODE, "pin": "603185", "again": "603185"}


posts["consumers:pin"] = code_and_pin
posts["consumers:pin_code"] = lambda world: {}
anew["consumers:pin_code"] = "a new code is sent and the one before is good for nothing"
posts["consumers:pay"] = lambda world: {"key": uuid.uuid4(), "value": "points", "pin": PIN}


def the_pin(world: World) -> dict[str, Any]:
    ask_again()
    return {"pin": PIN}


posts["consumers:approve"] = posts["consumers:decline"] = the_pin
for page in ("pin", "pay", "approval"):
    open_to[f"consumers:{page}"] = {"consumer"}
for page in ("card", "card_code", "card_statement", "card_freeze", "card_release", *MONEY):
    open_to[f"consumers:{page}"] = {"consumer"}
open_to["consumers:my_review"] = open_to["consumers:edit_review"] = {"consumer"}


@value("area")
def _(world: World) -> str:
    return "changshu-road"


@value("category", "consumers:area_category")
def _(world: World) -> str:
    return world.shop.category.slug


@value("number", "home:sitemap_shops")
def _(world: World) -> int:
    return 0


def frozen(world: World) -> dict[str, Any]:
    freeze(make_card(world.merchant, world.consumer), by=world.consumer)
    return {}


posts["consumers:close_card"] = lambda world: to_refund(make_money_card(world.shop, world.consumer))
posts["consumers:take_back"] = lambda world: {"key": str(uuid.uuid4())}
posts["consumers:card_freeze"] = lambda world: {}
posts["consumers:card_release"] = frozen
posts["consumers:follow"] = lambda world: {"follow": "yes"}
posts["consumers:following"] = lambda world: {
    "kinds": [world.shop.category.parent.slug],
    "distance_m": "2000",
    "quiet_from": "21:00",
    "quiet_until": "09:00",
}
posts["consumers:usual_areas"] = lambda world: {"areas": "yes"}


def here(world: World) -> dict[str, Any]:
    world.browsers["consumer"].cookies[COOKIE] = "31.230512,121.473711"  # the device has told
    return {"share": "yes"}


posts["consumers:here"] = here
posts["consumers:look_from"] = lambda world: {"point": "31.23,121.47", "next": "/nearby/"}
anew["consumers:look_from"] = "a cookie, no row"


def opinion(world: World) -> dict[str, Any]:
    return {"key": uuid.uuid4(), "stars": "5", "said": "又快又好"}


def complaint_about_it(world: World) -> dict[str, Any]:
    return {"rule": next(rule for rule in Rule.values if rule != Rule.BURST), "said": "不是真的"}


posts["consumers:write_review"] = posts["consumers:edit_review"] = opinion
posts["consumers:report_review"] = posts["consumers:report_to_staff"] = complaint_about_it
posts["consumers:withdraw_review"] = lambda world: {}
posts["consumers:reply"] = lambda world: {"said": "谢谢，欢迎再来"}
sent_by["consumers:write_review"] = sent_by["consumers:report_review"] = "stranger"


@value("sheet")
def _(world: World) -> str:
    return "poster"


@value("shape")
def _(world: World) -> str:
    return "card"


@value("language", "consumers:share_picture")
def _(world: World) -> str:
    return "zh"


@value("digest", "consumers:share_picture")
def _(world: World) -> str:
    return "0" * 24


def bought(world: World) -> dict[str, Any]:
    make_purchase(world.shop, world.consumer)
    return {}


posts["consumers:still_true"] = bought


@value("token", "consumers:conversation")
@value("token", "consumers:block_shop")
@value("token", "consumers:report_conversation")
@value("token", "consumers:shop_conversation")
@value("token", "consumers:block_person")
@value("token", "consumers:report_to_us")
def _(world: World) -> str:
    there = world.consumer.conversations.first()
    return (there or make_letter(world.shop, world.consumer, "有<b>空位</b>吗？")).token


def letter(world: World) -> dict[str, Any]:
    return {"key": uuid.uuid4(), "said": "请问今天有空位吗？"}


def harm(world: World) -> dict[str, Any]:
    return {"harm": Harm.ADVERT.value, "said": "一直发广告"}


posts["consumers:write_message"] = posts["consumers:conversation"] = letter
posts["consumers:shop_conversation"] = letter
posts["consumers:report_conversation"] = posts["consumers:report_to_us"] = harm
posts["consumers:block_shop"] = posts["consumers:block_person"] = lambda world: {"block": "yes"}


def unwelcome(world: World) -> dict[str, str]:
    make_card(world.merchant, world.consumer)
    return {"wanted": "no"}


posts["consumers:mute"] = unwelcome
posts["consumers:message_box"] = lambda world: {"open": "no"}
open_to["consumers:conversation"] = open_to["consumers:report_conversation"] = {"consumer"}
