from merchants import actions
from merchants.models import Role, StaffMember
from tests import cast
from tests.routes_values import World, open_to, value


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
