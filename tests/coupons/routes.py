import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from coupons import actions
from coupons.models import Coupon, PaperBatch
from merchants.models.print_order import OrderState
from tests.coupons.makers import TERMS, make_coupon, make_coupon_programme, make_paper, make_present, paper_of
from tests.routes_values import Raw, World, open_to, posts, value


@value("token", "coupons:offer")
@value("token", "coupons:seen")
@value("token", "coupons:programme")
@value("token", "coupons:poster")
@value("token", "coupons:issued")
@value("token", "coupons:paper_batches")
def _(world: World) -> str:
    return make_coupon_programme(world.shop.merchant).token


@value("token", "coupons:edit")
def _(world: World) -> str:
    return make_coupon_programme(world.shop.merchant, published=False).token


@value("token", "coupons:ticket")
def _(world: World) -> str:
    return make_coupon(world.shop.merchant, world.consumer).token


open_to["coupons:ticket"] = {"consumer"}


def terms(world: World) -> dict[str, Any]:
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=7)}
    return TERMS | {"amount_off": "15", "minimum": "60", "key": uuid.uuid4()} | days


posts["coupons:new"] = posts["coupons:edit"] = terms
posts["coupons:offer"] = lambda world: {"key": uuid.uuid4()}
posts["coupons:programme"] = lambda world: {"do": "end"}
posts["coupons:seen"] = lambda world: Raw(b"{}", {"user-agent": "Mozilla/5.0 (iPhone)"})


@value("token", "coupons:give")
def _(world: World) -> str:
    return make_coupon(world.shop.merchant, world.consumer, is_transferable=True).token


@value("token", "coupons:take_back")
def _(world: World) -> str:
    return make_present(world.shop.merchant, world.consumer).coupon.token


@value("token", "coupons:present")
def _(world: World) -> str:
    return make_present(world.shop.merchant, world.manager).token


@value("token", "coupons:revoke")
def _(world: World) -> str:
    return make_coupon(world.shop.merchant).programme.token


@value("coupon")
def _(world: World) -> str:
    return Coupon.objects.get(programme__token=world.made[("coupons:revoke", "token")]).token


posts["coupons:give"] = posts["coupons:present"] = lambda world: {"key": uuid.uuid4()}
posts["coupons:take_back"] = lambda world: {}
posts["coupons:revoke"] = lambda world: {"reason": "印错了"}


@value("token", "coupons:paper")
def _(world: World) -> str:
    return paper_of(world.shop.merchant).token


@value("token", "coupons:paper_batch")
@value("token", "coupons:paper_sheets")
@value("token", "coupons:paper_cancel")
@value("token", "coupons:paper_order")
@value("token", "coupons:paper_received")
def _(world: World) -> str:
    return make_paper(world.shop.merchant, 2).programme.token


def batch_for(route: str) -> None:
    @value("batch", route)
    def _(world: World) -> str:
        return PaperBatch.objects.get(programme__token=world.made[(route, "token")]).token


for page in ("batch", "sheets", "cancel", "order", "received"):
    batch_for(f"coupons:paper_{page}")

posts["coupons:paper"] = lambda world: {"key": uuid.uuid4()}
posts["coupons:paper_batches"] = lambda world: {"key": uuid.uuid4(), "quantity": "3"}


def on_its_way(world: World) -> dict[str, Any]:
    batch = PaperBatch.objects.get(token=world.made[("coupons:paper_received", "batch")])
    order = actions.ask_for_paper(batch, world.shop, by=world.owner)
    for state in (OrderState.PRINTING, OrderState.SENT):
        actions.move_paper_order(order, state, by=world.owner)
    return {}


posts["coupons:paper_order"] = lambda world: {"shop": world.shop.pk, "wish": "哑光纸"}
posts["coupons:paper_received"] = on_its_way
posts["coupons:paper_sheets"] = lambda world: {}
posts["coupons:paper_cancel"] = lambda world: {"reason": "印错了"}
