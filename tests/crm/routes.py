import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from crm.actions.birthdays import give_birthday, note_birthday
from crm.actions.campaigns import Plan, send_deal
from crm.actions.greetings import switch_on
from crm.actions.segments import put_away, put_on_list
from crm.actions.tags import put_tag, tag_called
from crm.days import Birthday
from crm.models import Audience, Membership, Segment, Tag
from merchants.models import Customer
from tests.cast import make_customer
from tests.coupons.makers import make_coupon_programme
from tests.crm.makers import make_mailing
from tests.loyalty.makers import make_programme
from tests.routes_values import World, anew, posts, sent_by, value


@value("mailing")
def _(world: World) -> int:
    return make_mailing(world.merchant, people=2).pk


@value("customer")
def _(world: World) -> int:
    return make_customer(world.merchant, world.consumer).pk


def two_records(world: World) -> dict[str, Any]:
    other = make_customer(world.merchant)
    known = Customer.objects.get(user=world.consumer)
    return {"key": str(uuid.uuid4()), "other": other.pk, "keep": known.pk, "reason": "told us"}


def chosen(world: World) -> dict[str, Any]:
    make_programme(world.merchant)
    return {"key": str(uuid.uuid4()), "c": [make_customer(world.merchant).pk for _ in range(2)]}


posts["crm:grant"] = chosen
posts["crm:merge"] = two_records


@value("campaign")
def _(world: World) -> str:
    facts: dict[str, Any] = {"title": "-20%", "percent_off": 20, "stock": 3, "lasts": timedelta(hours=2)}
    plan = Plan(audience=Audience.MEMBERS, shop=world.shop, **facts)
    return send_deal(world.merchant, plan, by=world.owner, key=uuid.uuid4()).token


def deal(world: World) -> dict[str, Any]:
    said = {"key": str(uuid.uuid4()), "title": "-20%", "percent_off": 20, "hours": 2, "stock": 20}
    return said | {"audience": "members", "shop": world.shop.slug, "within_m": 2000}


posts["crm:flash_review"] = deal
posts["crm:stop_campaign"] = lambda world: {}
posts["crm:stop_mailing"] = lambda world: {}
posts["crm:phone"] = lambda world: {}
anew["crm:phone"] = "each look at a number is written down"


def noted_here(world: World) -> dict[str, Any]:
    known = make_customer(world.merchant, world.consumer)
    note_birthday(known, Birthday(8, 15), agreed=True, by=world.owner)
    return {}


def given(world: World) -> dict[str, Any]:
    give_birthday(world.consumer, Birthday(8, 15), shown=True)
    return {}


def greeted(world: World) -> dict[str, Any]:
    switch_on(world.merchant, days_ahead=3, programme=None, by=world.owner, moment=timezone.now())
    return {}


posts["crm:birthday"] = lambda world: {"calendar": "lunar", "month": "8", "day": "15", "leap": "", "year": ""}
posts["crm:remove_birthday"] = given
posts["crm:remove_noted_birthday"] = posts["crm:forget_birthday"] = noted_here
sent_by["crm:remove_noted_birthday"] = "consumer"
posts["crm:greetings"] = lambda world: {"days_ahead": "3", "programme": ""}
posts["crm:greetings_off"] = greeted
posts["crm:note_birthday"] = lambda world: posts["crm:birthday"](world) | {"agreed": "on"}


@value("token", "crm:funnel")
@value("token", "crm:funnel_sales")
def _(world: World) -> str:
    return make_coupon_programme(world.shop.merchant).token


@value("segment")
def _(world: World) -> str:
    """A list with somebody on it, so that all of its buttons are there."""
    known = Customer.objects.filter(pk=make_customer(world.merchant, world.consumer).pk)
    facts: dict[str, Any] = {"name": f"list {Segment.objects.count()}", "by": world.owner}
    return put_on_list(world.merchant, known, key=uuid.uuid4(), **facts).token


def put_away_already(world: World) -> dict[str, Any]:
    for one in Segment.objects.of(world.merchant).order_by("pk"):
        put_away(one, by=world.owner)
    return {}


posts["crm:new_segment"] = lambda world: {"key": str(uuid.uuid4()), "name": "often", "visits_from": "4"}
posts["crm:mark"] = lambda world: {
    "key": str(uuid.uuid4()),
    "c": [make_customer(world.merchant).pk],
    "name": "friends",
}
posts["crm:put_away"] = lambda world: {}
posts["crm:bring_back"] = put_away_already
posts["crm:unmark"] = lambda world: {
    "customer": Membership.objects.filter(merchant=world.merchant).latest("pk").customer_id
}


@value("tag")
def _(world: World) -> int:
    tag = tag_called(world.merchant, f"tag {Tag.objects.count()}", by=world.owner)
    known = make_customer(world.merchant, world.consumer)
    put_tag(tag, Customer.objects.filter(pk=known.pk), by=world.owner)
    return tag.pk


posts["crm:tag"] = lambda world: {"name": "likes it quiet"}
posts["crm:untag"] = posts["crm:give_up_tag"] = lambda world: {}
posts["crm:tag_many"] = lambda world: {"c": [make_customer(world.merchant).pk], "name": "VIP", "do": "put"}
posts["crm:letter_review"] = lambda world: {
    "key": str(uuid.uuid4()),
    "audience": "members",
    "words": "news",
    "note": "closed on Monday" if world.shop else "",
}
