"""Redis refused, emptied and frozen while coupons are redeemed: sales go on, nobody is signed out,
and what was to be told is told when it is back."""

import uuid
from collections.abc import Callable

import pytest

from tests.chaos.sales import claim, counter_form, ring
from tests.chaos.stack import Stack
from tools.processes import wait_until
from tools.redis import Server

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
FAULTS: dict[str, tuple[Callable[[Server], None], Callable[[Server], None]]] = {
    "refused": (Server.kill, Server.start),
    "emptied": (Server.empty, Server.empty),
    "frozen": (Server.freeze, Server.thaw),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_coupon_is_redeemed_and_nobody_is_signed_out(stack: Stack, fault: str) -> None:
    hurt, heal = FAULTS[fault]
    stack.redis.start()
    consumer, cashier = stack.person("consumer"), stack.person("cashier")
    coupon = claim(stack, consumer)
    hurt(stack.redis)
    try:
        answer = ring(stack, cashier, coupon=coupon)
        assert answer.status == 302, answer.body[:400]
        assert stack.sql(f"select state from coupons_coupon where token = '{coupon}'") == "redeemed"
        counter = stack.path_of("counter.redeem")
        for person, path in ((consumer, "/me/cards/"), (consumer, "/me/coupons/"), (cashier, counter)):
            assert person.get(path).status == 200, path
        assert stack.person().get("/nearby/").status == 200
    finally:
        heal(stack.redis)


def test_what_happened_meanwhile_is_told_when_redis_is_back(stack: Stack) -> None:
    stack.redis.start()
    key = uuid.uuid4()
    cashier, form = stack.person("cashier"), counter_form(stack, key=key)
    stack.redis.kill()
    assert cashier.post(form.path, form.fields).status == 302
    sale = stack.sql(f"select id from orders_purchase where key = '{key}'")
    receipts = "select count(*) from messaging_message where kind = 'orders.receipt'"
    told = f"{receipts} and occurrence = 'purchase:{sale}'"
    assert stack.sql(told) == "0"
    stack.redis.start()
    stack.redis.empty()
    stack.start("worker", "beat")
    assert wait_until(lambda: stack.sql(told) == "1", seconds=60)
