import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from merchants import actions
from merchants.actions.proving import code_index
from merchants.history import changes_of
from merchants.models import ListingClaim, Photo, Role, Shop, StaffMember, Wrong
from merchants.starters import usual_hours
from merchants.web.days import AWAY
from tests import cast
from tests.merchants.pictures import picture, upload
from tests.routes_values import World, anew, open_to, posts, sent_by, value


@value("member")
def _(world: World) -> int:
    return StaffMember.objects.get(user=world.cashier, merchant=world.merchant).pk


def invite(world: World, phone: str) -> object:
    return actions.invite_staff(world.merchant, role=Role.CASHIER, by=world.owner, phone=phone)


@value("invitation")
def _(world: World) -> int:
    return invite(world, cast.some_phone()).pk


@value("token", "merchants:invitation")
def _(world: World) -> str:
    return invite(world, world.consumer.phone).token


@value("photo")
@value("claim", "admin:merchants_listingclaim_evidence")
def _(world: World) -> int:
    return 1  # none is there: the guard comes first


@value("stem")
def _(world: World) -> str:
    return "0" * 20


@value("width")
def _(world: World) -> int:
    return 320


open_to["merchants:photo"] = set()  # no such file; the photos have tests of their own


@value("photo", "merchants:change_photo")
def _(world: World) -> int:
    row = {"stem": "0" * 24, "digest": b"0" * 32, "width": 640, "height": 480, "position": 0}
    return Photo.objects.create(shop=world.shop, **row).pk


@value("shop", "merchants:shop_publish")
def _(world: World) -> str:
    return cast.make_shop(world.merchant, name="青禾理发 新店", published=False).slug


@value("shop", "merchants:claim")
def _(world: World) -> str:
    return cast.make_listing(name="无主小店").slug


@value("shop", "merchants:withdraw_claim")
def _(world: World) -> str:
    listing = cast.make_listing(name="等人的小店")
    actions.claim_listing(listing, by=world.consumer, said="我的店")
    return listing.slug


def named(world: World) -> dict[str, Any]:
    return {"key": uuid.uuid4(), "name": "青禾洗衣", "name_en": "Qinghe Laundry", "category": "hair"}


posts["merchants:start"] = posts["merchants:new_shop"] = posts["merchants:shop_name"] = named
posts["merchants:shop_location"] = lambda world: {
    "lat": "31.2401",
    "lon": "121.4802",
    "address": "南京路 1 号",
}
posts["merchants:shop_hours"] = lambda world: {"usual": usual_hours(world.shop.category)[-1]}
posts["merchants:shop_services"] = lambda world: {
    "line-TOTAL_FORMS": 1,
    "line-INITIAL_FORMS": 0,
    "line-0-name": "烫发",
    "line-0-price": "200",
}
posts["merchants:shop_photo"] = lambda world: {"photo": upload(picture()), "alt": "门面"}
posts["merchants:change_photo"] = lambda world: {"remove": "1"}
posts["merchants:shop_publish"] = lambda world: {}
posts["merchants:settings"] = lambda world: {"name": "青禾", "name_en": "Qinghe"}
posts["merchants:team"] = lambda world: {"who": cast.some_phone(), "role": Role.CASHIER}
posts["merchants:change_member"] = lambda world: {"role": Role.MANAGER}
posts["merchants:withdraw_invitation"] = posts["merchants:invitation"] = lambda world: {}
posts["merchants:claim"] = lambda world: {"said": "我的店，营业执照在墙上"}
posts["merchants:withdraw_claim"] = lambda world: {}
sent_by["merchants:invitation"] = "consumer"
posts["merchants:shop_days"] = lambda world: {
    "form": AWAY,
    "away_from": timezone.localdate() + timedelta(days=2),
    "back_on": timezone.localdate() + timedelta(days=5),
    "words": "出门进货",
}


@value("service")
def _(world: World) -> int:
    return world.shop.services.get().pk


@value("notice")
def _(world: World) -> int:
    words = {"text": "周六店庆", "from_on": timezone.localdate(), "key": uuid.uuid4()}
    return actions.publish_notice(actions.draft_notice(world.shop, **words)).pk


def told(world: World) -> dict[str, Any]:
    return {"text": "新公告", "from_on": timezone.localdate(), "key": uuid.uuid4()}


posts["merchants:notices"] = posts["merchants:notice"] = told
posts["merchants:change_notice"] = lambda world: {"do": "withdraw"}
posts["merchants:shop_words"] = lambda world: {"promise": "不满意重做"}
posts["merchants:service"] = lambda world: {"description": "含洗发"}


@value("correction")
def _(world: World) -> int:
    proposal = actions.Proposal(wrong=Wrong.PHONE, text="021 5555 0000")
    one = actions.propose(world.shop, proposal, by=world.consumer, address="127.0.0.1", key=uuid.UUID(int=77))
    return one.pk


@value("correction", "admin:merchants_correction_evidence")
def _(world: World) -> int:
    return 1  # none is there: the guard comes first


@value("shop", "merchants:claim_code")
@value("shop", "merchants:prove_claim")
def _(world: World) -> str:
    """A listing with a phone of its own, claimed by the consumer, to whom the code 123456 was sent."""
    listing = cast.make_listing(name="阳光洗衣店", merchant=cast.make_merchant())
    Shop.objects.filter(pk=listing.pk).update(phone="138 0013 8000")
    claim = actions.claim_listing(listing, by=world.consumer, said="我的店")
    until = timezone.now() + timedelta(minutes=9)
    ListingClaim.objects.filter(pk=claim.pk).update(code_index=code_index(claim, "123456"), code_until=until)
    return listing.slug


def disputed(world: World) -> dict[str, Any]:
    claim = actions.claim_listing(world.shop, by=world.consumer, said="我才是店主")
    return {"claim": str(claim.pk), "said": "我在这里开了十年"}


A_REPORT = {"what": "closed", "said": "门上贴了招租", "key": str(uuid.UUID(int=78))}
posts["merchants:report"] = lambda world: A_REPORT
posts["merchants:withdraw_report"] = lambda world: {}
posts["merchants:decide_correction"] = lambda world: {"accept": "1"}
posts["merchants:claim_code"] = lambda world: {}
posts["merchants:prove_claim"] = lambda world: {"code": "123456"}
posts["merchants:disputes"] = disputed
anew["merchants:claim_code"] = "asking again sends another code, three a day"


posts["merchants:shop_history"] = lambda world: {"change": changes_of(world.shop)[0].ref}
