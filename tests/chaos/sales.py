"""Claiming and ringing up over HTTP, against a stack."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from tests.chaos.stack import Answer, Person, Stack


@dataclass(frozen=True)
class Form:
    path: str
    fields: dict[str, Any]


def claim(stack: Stack, person: Person) -> str:
    """A fresh coupon of the first merchant in the person's hands; its token."""
    stack.sql("update coupons_couponprogramme set per_person = 100, minimum = 0")
    offer = stack.path_of("coupon.claim")
    answer = person.post(offer, {"key": uuid.uuid4()})
    found = re.fullmatch(r"/me/coupons/(\w+)/", answer.location)
    assert found, (answer.status, answer.body[:400])
    return found[1]


def counter_form(stack: Stack, *, key: uuid.UUID, bill: str = "38", coupon: str = "") -> Form:
    card = stack.town["facts"]["card_token"]
    shop = stack.sql(
        "select slug from merchants_shop where merchant_id = (select merchant_id from loyalty_card"
        f" where token = '{card}') order by id limit 1"
    )
    counter = stack.path_of("counter.earn")
    return Form(f"{counter}ring/", {"key": key, "bill": bill, "shop": shop, "card": card, "coupon": coupon})


def ring(stack: Stack, cashier: Person, *, coupon: str = "", key: uuid.UUID | None = None) -> Answer:
    form = counter_form(stack, key=key or uuid.uuid4(), coupon=coupon)
    return cashier.post(form.path, form.fields)
