import json
import uuid
from typing import Any

from django.utils import timezone

from loyalty.actions import set_spending
from orders.actions import decide_simulated, ring_up, settle
from orders.gateways.simulated import notice_of
from tests.cast import some_phone
from tests.loyalty.makers import make_card, make_programme
from tests.loyalty.money import make_money_card, pay_in
from tests.orders.offline import allow_offline, keep
from tests.orders.payments import make_payment
from tests.routes_values import Raw, World, anew, open_to, posts, value


@value("token", "orders:undo")
@value("token", "orders:receipt")
def _(world: World) -> str:
    shop = world.shop
    card = make_card(world.merchant, world.consumer)
    return ring_up(
        merchant=world.merchant, shop=shop, bill=3800, key=uuid.uuid4(), by=world.owner, card=card
    ).token


def sale(world: World) -> dict[str, Any]:
    card = make_card(world.merchant)
    return {"key": uuid.uuid4(), "bill": "38", "shop": world.shop.slug, "card": card.token}


@value("number", "orders:top_up")
def _(world: World) -> str:
    return make_money_card(world.shop, world.consumer).number


@value("token", "orders:topped_up")
@value("token", "orders:undo_top_up")
def _(world: World) -> str:
    return pay_in(make_money_card(world.shop, world.consumer), 50_000).token


@value("token", "orders:top_up_online")
def _(world: World) -> str:
    return make_money_card(world.shop, world.consumer).token


@value("token", "orders:payment")
@value("token", "orders:simulated_cashier")
def _(world: World) -> str:
    return make_payment(make_money_card(world.shop, world.consumer), 50_000).token


@value("nonce", "orders:offline_decide")
def _(world: World) -> str:
    allow_offline(world.shop)
    moment = timezone.now()
    kept = keep(world.shop, world.owner, "0000000000", issued_at=moment, used_at=moment)
    return str(settle(kept, merchant=world.merchant, shop=world.shop, by=world.owner).nonce)


@value("gateway")
def _(world: World) -> str:
    return "simulated"


for page in ("top_up_online", "payment", "simulated_cashier"):
    open_to[f"orders:{page}"] = {"consumer"}
posts["orders:top_up_online"] = lambda world: {"key": uuid.uuid4(), "paid": "500"}
posts["orders:simulated_cashier"] = lambda world: {"do": "pay"}


def heard(world: World) -> Raw:
    payment = make_payment(make_money_card(world.shop, world.consumer), 50_000)
    decide_simulated(payment, paid=True)
    return Raw(*notice_of(payment, paid=True))


posts["orders:payment_notice"] = heard
posts["orders:top_up"] = lambda world: {"key": uuid.uuid4(), "paid": "500"}
posts["orders:undo_top_up"] = lambda world: {"key": uuid.uuid4(), "reason": "typed wrongly"}
posts["orders:ring"] = sale


def points_of(world: World) -> dict[str, Any]:
    card = make_card(world.merchant, points=300)
    half = {"points": 100, "worth": 100, "minimum": 100, "share": 50, "is_on": True}
    set_spending(card.programme, by=world.owner, **half)
    return {"key": uuid.uuid4(), "bill": "38", "shop": world.shop.slug, "card": card.token}


posts["orders:ask_points"] = points_of
posts["orders:take_back"] = lambda world: {
    "key": uuid.uuid4(),
    "amount": "38",
    "reason": "破损",
    "shop": world.shop.slug,
    "card": make_card(world.merchant).token,
}
posts["orders:undo"] = lambda world: {"key": uuid.uuid4()}


def newcomer(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    return {"phone": some_phone()}


posts["orders:walk_in"] = newcomer
posts["orders:find"] = lambda world: {"code": make_card(world.merchant).token}
anew["orders:find"] = "a look-up; a wrong one is counted each time"
posts["orders:offline"] = lambda world: {"is_on": "on", "most_waiting": "5", "most_off": "30", "hours": "2"}


def queue(world: World) -> dict[str, Any]:
    allow_offline(world.shop)
    moment = timezone.now()
    kept = keep(world.shop, world.owner, "0000000000", issued_at=moment, used_at=moment)
    return {"kept": json.dumps([{name: str(value) for name, value in vars(kept).items()}])}


posts["orders:offline_send"] = queue
posts["orders:offline_decide"] = lambda world: {"do": "set_aside", "note": "试的"}
