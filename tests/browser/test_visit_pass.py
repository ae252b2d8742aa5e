"""A visit pass in three hands: sold at the counter, seen by its holder, used by a family with the PIN."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from loyalty.models import Card, VisitPass
from merchants.models import Role, Shop
from orders.models import Purchase
from portal.kernel.models import User
from tests import cast
from tests.browser.taps import Taps
from tests.loyalty.makers import PIN, make_card, make_pin
from tests.passes.makers import left, make_offer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card(shop: Shop, consumer: User) -> Card:
    card = make_card(shop.merchant, consumer)
    make_pin(card)
    make_offer(card.programme, needs_pin=True, sold_online=True)
    return card


def test_a_pass_is_sold_seen_used_by_three_and_the_slip_undone(
    visit: Any, violations: Any, shop: Shop, card: Card, consumer: User
) -> None:
    cashier, selling, using = cast.make_staff(shop.merchant, Role.CASHIER).user, Taps(), Taps()
    counter = f"/m/{shop.merchant.slug}/counter/"
    till: Page = visit(f"{counter}?card={card.token}", user=cashier, language="en")
    selling.tap(till.get_by_role("link", name="Sell a pass"))
    assert violations(till) == []
    selling.tap(till.get_by_role("button", name="Sell for ¥300"))
    expect(till.get_by_role("heading", name="Ten washes: ¥300")).to_be_visible()
    assert violations(till) == []

    phone: Page = visit(f"/me/cards/{card.token}/passes/", user=consumer, language="en", width=412)
    expect(phone.get_by_text("10 of 10 visits left")).to_be_visible()
    assert violations(phone) == []
    phone.goto(phone.url.replace("/passes/", "/pay/"))

    till.goto(till.url.split("/counter/")[0] + f"/counter/?card={card.token}")
    assert violations(till) == []
    using.tap(till.locator("label", has=till.locator('input[name="visits"][value="3"]')))
    using.tap(till.get_by_role("button", name="Ask the customer"))
    answer = phone.get_by_role("button", name="Pay 3 visits")
    expect(answer).to_be_visible()  # by itself: nobody touched the phone
    phone.locator("#answer input[name=pin]").fill(PIN)
    using.tap(answer)
    using.tap(till.get_by_role("link", name="On to the counter"))
    using.tap(till.get_by_role("button", name="Use 3 visits"))
    expect(till.get_by_role("heading", name="3 visits used")).to_be_visible()
    assert violations(till) == []
    assert left(VisitPass.objects.get()) == 7

    phone.goto(phone.url.split("/pay/")[0] + "/passes/")
    expect(phone.get_by_text("7 of 10 visits left")).to_be_visible()
    till.get_by_role("button", name="Undo").first.click()
    expect(till.get_by_text(re.compile("Undone"))).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("10 of 10 visits left")).to_be_visible()
    assert Purchase.objects.get().undone_at is not None
    assert (selling.count, using.count) == (2, 5)
