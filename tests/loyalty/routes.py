import uuid
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from loyalty import actions
from loyalty.actions import (
    ask_for_print,
    freeze,
    link_medium,
    make_batch,
    move_order,
    refund_card,
    save_step,
)
from loyalty.keypad import keys_of
from loyalty.models import Approval, Card, MemberImport, PrintBatch
from merchants.models.print_order import OrderState
from portal.kernel import jobs
from tests.cast import some_phone
from tests.loyalty.lists import check, csv_file, people, upload, workbook
from tests.loyalty.makers import (
    PIN,
    ask_again,
    home_today,
    make_approval,
    make_card,
    make_levels,
    make_pin,
    make_programme,
)
from tests.loyalty.money import make_money_card, pay_in, to_refund
from tests.routes_values import World, open_to, posts, sent_by, value


@value("number", "loyalty:card")
@value("number", "loyalty:adjust")
@value("number", "loyalty:freeze")
@value("number", "loyalty:release")
@value("number", "loyalty:replace")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer, points=40).number


@value("token", "loyalty:claim")
def _(world: World) -> str:
    return actions.enrol(make_programme(world.merchant), some_phone(), by=world.owner).token


@value("token", "loyalty:import")
@value("token", "loyalty:import_sheet")
@value("token", "loyalty:import_check")
@value("token", "loyalty:import_levels")
@value("token", "loyalty:import_again")
@value("token", "loyalty:import_confirm")
@value("token", "loyalty:import_stop")
@value("token", "loyalty:import_undo")
@value("token", "loyalty:import_mend")
def _(world: World) -> str:
    make_programme(world.merchant)
    key = ("", "member list")
    if key not in world.made:
        world.made[key] = upload(world.merchant, workbook(*people(3), ["12", "", "", 5, ""])).token
    return world.made[key]


def the_list(world: World) -> MemberImport:
    return MemberImport.objects.get(token=world.made["", "member list"])


def uploading(world: World) -> dict[str, Any]:
    file = SimpleUploadedFile("members.csv", csv_file(*people(2)))
    return {"key": str(uuid.uuid4()), "file": file}


def checked(world: World) -> dict[str, str]:
    check(the_list(world))
    return {}


def named(world: World) -> dict[str, str]:
    make_levels(make_programme(world.merchant))
    return checked(world) | {"until": (home_today() + timedelta(days=90)).isoformat()}


def imported(world: World) -> dict[str, str]:
    actions.confirm_import(check(the_list(world)), by=world.owner)
    jobs.run_due()
    return {}


def being_checked(world: World) -> dict[str, str]:
    batch = the_list(world)
    actions.check_members(batch, mapping=batch.mapping, header=0, region="CN", by=world.owner)
    return {}


def batch_of(world: World) -> PrintBatch:
    make_programme(world.merchant)
    return make_batch(world.merchant, 2, key=uuid.UUID(int=11), by=world.owner)


@value("batch")
def _(world: World) -> str:
    return batch_of(world).token


@value("number", "loyalty:revoke_medium")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).number


@value("token", "consumers:revoke_medium")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).token


@value("medium")
def _(world: World) -> int:
    medium = batch_of(world).media.order_by("pk")[0]
    return link_medium(medium, make_card(world.merchant, world.consumer), by=world.owner).pk


@value("token", "consumers:wallet_pass")
@value("token", "consumers:pkpass")
def _(world: World) -> str:
    return make_card(world.merchant, world.consumer).token


@value("kind", "consumers:wallet_pass")
def _(world: World) -> str:
    return "apple"


def joining(world: World) -> dict[str, str]:
    make_programme(world.merchant)
    return {}


def frozen(world: World) -> dict[str, str]:
    freeze(make_card(world.merchant, world.consumer), by=world.owner)
    return {}


@value("token", "loyalty:approval")
@value("token", "loyalty:withdraw_approval")
@value("token", "loyalty:keypad")
def _(world: World) -> str:
    card = make_card(world.merchant, world.consumer)
    assert world.shop
    if not hasattr(card, "pin"):
        make_pin(card)
    return make_approval(card).token


def answered(world: World) -> dict[str, str]:
    """Six places that spell the PIN on the keypad that is shown."""
    ask_again()
    asked = Approval.objects.get(token=world.made["loyalty:keypad", "token"])
    keys = keys_of(asked)
    return {"turn": str(asked.turns)} | {f"place{i}": str(keys.index(digit)) for i, digit in enumerate(PIN)}


posts["loyalty:ask_approval"] = lambda world: {
    "key": str(uuid.uuid4()),
    "card": make_card(world.merchant, world.consumer).number,
    "value": "money",
    "amount": "38",
    "shop": world.shop.slug,
}


def waiting(world: World) -> dict[str, str]:
    ask_again()
    return {}


posts["loyalty:withdraw_approval"] = waiting


def guarded(world: World) -> dict[str, str]:
    make_programme(world.merchant)
    return {"need": "pin"}


posts["loyalty:safeguard"] = guarded
posts["loyalty:keypad"] = answered
posts["loyalty:join"] = joining
sent_by["loyalty:join"] = "stranger"  # somebody without a card here
posts["loyalty:settings"] = lambda world: {
    "name": "青禾会员卡",
    "points_per_unit": 2,
    "is_open": "on",
}
posts["loyalty:adjust"] = lambda world: {"key": str(uuid.uuid4()), "points": "5", "reason": "till was down"}
posts["loyalty:freeze"] = lambda world: {"because": "left at the counter"}
posts["loyalty:release"] = frozen
posts["loyalty:replace"] = lambda world: {"sure": "1"}
posts["loyalty:enrol"] = lambda world: {"phone": some_phone(), "name": "李"}
posts["loyalty:imports"] = uploading
posts["loyalty:import_sheet"] = lambda world: checked(world) | {"sheet": "Sheet"}
posts["loyalty:import_check"] = lambda world: {"phone": "0", "points": "3", "header": "0", "region": "CN"}
posts["loyalty:import_levels"] = named
posts["loyalty:import_again"] = checked
posts["loyalty:import_confirm"] = checked
posts["loyalty:import_stop"] = being_checked
posts["loyalty:import_undo"] = imported


@value("number", "loyalty:refund")
def _(world: World) -> str:
    return with_money(world).number


@value("refund", "loyalty:pay_out")
def _(world: World) -> str:
    card = with_money(world)
    return str(refund_card(card, by=world.consumer, **to_refund(card)).pk)


def with_money(world: World) -> Card:
    card = make_money_card(world.shop, world.consumer)
    pay_in(card, 50_000)
    return card


def terms(world: World) -> dict[str, str]:
    make_programme(world.merchant)
    return {"is_on": "on", "spends": "bonus", "cooling_off_days": "7", "pays_0": "500", "gets_0": "50"}


def last_day(world: World) -> dict[str, str]:
    make_programme(world.merchant)
    return {"last_day": (timezone.localdate() + timedelta(days=7)).isoformat()}


posts["loyalty:money"] = terms
posts["loyalty:closing"] = last_day
posts["loyalty:refund"] = lambda world: to_refund(make_money_card(world.shop, world.consumer))
posts["loyalty:pay_out"] = lambda world: {"how": "cash"}


def designed(world: World) -> dict[str, str]:
    save_step(world.merchant, by=world.owner, face="plum")
    return {}


def designed_twice(world: World) -> dict[str, str]:
    designed(world)
    save_step(world.merchant, by=world.owner, face="sky")
    return {"number": "2"}


def an_earlier_one(world: World) -> dict[str, str]:
    return designed_twice(world) | {"number": "1"}


posts["loyalty:design"] = lambda world: {"face": "plum", "pattern": "cup"}
posts["loyalty:design_picture"] = lambda world: {"none": "1"}
posts["loyalty:design_text"] = lambda world: {"name": "青禾会员卡", "number_style": "last"}
posts["loyalty:design_undo"] = designed_twice
posts["loyalty:design_return"] = an_earlier_one
posts["loyalty:design_publish"] = designed


def blank(world: World) -> dict[str, str]:
    medium = batch_of(world).media.order_by("pk")[1]
    return {"number": medium.number, "secret": medium.secret}


def on_its_way(world: World) -> dict[str, str]:
    order = ask_for_print(batch_of(world), address="人民路 1 号", by=world.owner)
    for state in (OrderState.PRINTING, OrderState.SENT):
        move_order(order, state, by=world.owner)
    return {}


posts["loyalty:print_batches"] = lambda world: (
    {"key": str(uuid.UUID(int=12)), "quantity": "2"} | joining(world)
)
posts["loyalty:print_sheets"] = lambda world: {}
posts["loyalty:print_order"] = lambda world: {"address": "人民路 1 号"}
posts["loyalty:print_received"] = on_its_way
posts["loyalty:link"] = lambda world: blank(world) | {"phone": world.consumer.phone}
posts["loyalty:revoke_medium"] = lambda world: {}
posts["consumers:link_card"] = blank
posts["consumers:revoke_medium"] = lambda world: {}
# Without the issuers' certificates there are no passes; tests/loyalty/test_wallets.py has some.
open_to["consumers:wallet_pass"] = open_to["consumers:pkpass"] = set()
posts["consumers:wallet_pass"] = lambda world: {}
