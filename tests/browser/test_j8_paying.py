"""J8 up to the approval: a counter and a holder's phone at the same time, and the shop's own screen."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from loyalty.keypad import keys_of
from loyalty.models import Approval, Card, Stage
from merchants.models import Role, Shop
from portal.kernel.models import User
from tests import cast
from tests.browser.taps import Taps
from tests.loyalty.makers import PIN, make_approval, make_card, make_pin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = {
    "en": {
        "ask": "Ask the customer",
        "pay": "Pay ¥38.00",
        "agreed": "¥38.00 agreed",
        "code": "Show the pay code",
    },
    "zh-hans": {"ask": "请顾客确认", "pay": "支付 ¥38.00", "agreed": "已同意付 ¥38.00", "code": "出示付款码"},
}


@pytest.fixture
def card(shop: Shop, consumer: User) -> Card:
    card = make_card(shop.merchant, consumer, points=300)
    make_pin(card)
    return card


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_counter_asks_and_the_phone_answers_while_both_pages_are_open(
    visit: Any, violations: Any, shop: Shop, card: Card, consumer: User, language: str
) -> None:
    words, taps = WORDS[language], Taps()
    cashier = cast.make_staff(shop.merchant, Role.CASHIER).user
    phone: Page = visit(f"/me/cards/{card.token}/pay/", user=consumer, language=language)
    till: Page = visit(
        f"/m/{shop.merchant.slug}/approvals/?card={card.number}", user=cashier, language=language
    )
    assert violations(till) == []
    till.locator("#id_amount").fill("38")
    taps.tap(till.get_by_role("button", name=words["ask"]))
    expect(till.locator("#approval")).to_contain_text("¥38.00")
    assert violations(till) == []
    answer = phone.get_by_role("button", name=words["pay"])
    expect(answer).to_be_visible()  # by itself: nobody touched the phone
    expect(phone.locator("#answer")).to_contain_text(shop.merchant.name)
    assert violations(phone) == []
    phone.locator("#answer input[name=pin]").fill(PIN)
    taps.tap(answer)
    expect(till.get_by_role("heading", name=words["agreed"])).to_be_visible()
    assert taps.count == 2
    assert Approval.objects.get().way == "phone"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_pay_code_is_shown_with_its_seconds_after_the_pin(
    visit: Any, violations: Any, card: Card, consumer: User, language: str
) -> None:
    phone: Page = visit(f"/me/cards/{card.token}/pay/", user=consumer, language=language)
    assert violations(phone) == []
    phone.locator("input[name=pin]").fill(PIN)
    phone.get_by_role("button", name=WORDS[language]["code"]).click()
    expect(phone.locator(".qr-sheet-code svg")).to_be_visible()
    expect(phone.get_by_role("timer")).to_have_text(re.compile(r"^[1-6]?\d (s|秒)$"))
    assert violations(phone) == []
    assert Approval.objects.get().is_exact is False


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_six_taps_on_the_turned_screen_agree_and_no_digit_is_sent(
    visit: Any, violations: Any, shop: Shop, card: Card, scripts: bool
) -> None:
    cashier = cast.make_staff(shop.merchant, Role.CASHIER).user
    asked = make_approval(card)
    page: Page = visit(
        f"/m/{shop.merchant.slug}/approvals/{asked.token}/keypad/",
        user=cashier,
        language="en",
        scripts=scripts,
    )
    if scripts:
        assert violations(page) == []
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None
    )
    for number, digit in enumerate(PIN):
        round_ = page.get_by_role("group", name=f"Digit {number + 1} of 6")
        round_.get_by_text(digit, exact=True).click()
    page.get_by_role("button", name="Pay ¥38.00").click()
    expect(page.get_by_role("heading", name="¥38.00 agreed")).to_be_visible()
    places = [f"place{i}={keys_of(asked, 0).index(digit)}" for i, digit in enumerate(PIN)]
    (posted,) = [one for one in sent if "place0" in one]
    assert all(place in posted for place in places)
    assert PIN not in "".join(sent)


def test_a_slip_on_the_keypad_is_started_again(visit: Any, shop: Shop, card: Card) -> None:
    cashier = cast.make_staff(shop.merchant, Role.CASHIER).user
    asked = make_approval(card)
    page: Page = visit(
        f"/m/{shop.merchant.slug}/approvals/{asked.token}/keypad/", user=cashier, language="en"
    )
    page.get_by_role("group", name="Digit 1 of 6").get_by_text("9", exact=True).click()
    expect(page.get_by_role("group", name="Digit 2 of 6")).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("group", name="Digit 1 of 6")).to_be_visible()
    assert asked.stage(asked.asked_at) == Stage.ASKED


@pytest.mark.parametrize("look", [("zh-hans", "dark", 320), ("en", "light", 1280)], ids=["phone", "desk"])
def test_the_pages_of_pin_and_payment_fit_and_are_accessible(
    visit: Any, violations: Any, shop: Shop, card: Card, consumer: User, look: tuple[str, str, int]
) -> None:
    language, theme, width = look
    cashier = cast.make_staff(shop.merchant, Role.CASHIER).user
    asked = make_approval(card)
    mine, ours = f"/me/cards/{card.token}/", f"/m/{shop.merchant.slug}/approvals/"
    pages = [(f"{mine}pin/", consumer), (f"{mine}pay/", consumer), (f"{mine}pay/{asked.token}/", consumer)]
    pages += [(ours, cashier), (f"{ours}{asked.token}/", cashier), (f"{ours}{asked.token}/keypad/", cashier)]
    for path, user in pages:
        page = visit(path, user=user, language=language, theme=theme, width=width)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        page.close()
