"""J7 and J9 as a cashier does them: by camera, by USB scanner, by hand; taps counted."""

import io
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from loyalty.actions import approve, set_spending, start_pay_code
from loyalty.models import Approval, ValueKind
from merchants.models import Shop, StaffMember
from orders.models import Purchase
from portal.kernel.codes import code_url
from tests import cast
from tests.browser.conftest import QUIET, SHELL
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import PIN, agreed_points, balance, buy, holds, make_card, make_levels, make_pin
from tests.loyalty.money import make_money_card, pay_in

pytestmark = pytest.mark.django_db(transaction=True)
LANGUAGES = ["zh-hans", "en"]

#: What a scanner does in a few milliseconds: each key goes to the cursor and writes there, as keys do.
SCANNER = """(text) => {
  const press = (key, code) => {
    const place = document.activeElement ?? document.body;
    const event = new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true });
    const goes = place.dispatchEvent(event);
    if (goes && key.length === 1 && "value" in place) place.value += key;
  };
  for (const key of text) press(key, /[0-9]/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`);
  press("Enter", "Enter");
}"""


class Hand:
    """Does what a person does and counts the taps: a touch, an Enter, a successful scan."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def scan(self, text: str) -> None:
        """A USB scanner: a burst of keys that ends in Enter, wherever the cursor is."""
        self.page.evaluate(SCANNER, text)
        self.taps += 1

    def tap(self, locator) -> None:
        locator.click()
        self.taps += 1

    def enter(self) -> None:
        self.page.keyboard.press("Enter")
        self.taps += 1


def counter_of(shop: Shop) -> str:
    return f"/m/{shop.merchant.slug}/counter/"


def type_bill(page, amount):
    """The counter puts the cursor into the amount as soon as the card is there; a person then types."""
    expect(page.locator("#id_bill")).to_be_focused()
    page.keyboard.type(amount, delay=60)


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_are_awarded_by_scanner_in_three_taps_without_a_mouse(
    visit, shop: Shop, cashier: StaffMember, language
):
    card = make_card(shop.merchant, cast.make_user(name="张女士"))
    page = visit(counter_of(shop), user=cashier.user, language=language)
    hand = Hand(page)
    hand.scan(code_url(card.token))
    expect(page.locator("#panel")).to_contain_text("张女士")
    type_bill(page, "57")
    expect(page.locator("[data-act]")).to_contain_text("57")
    hand.enter()
    expect(page.locator(".verdict[data-kind=ok]")).to_contain_text("57")
    hand.enter()
    expect(page.locator("#panel [data-sale], #panel .verdict")).to_have_count(0)
    assert hand.taps == 3
    assert balance(card) == 57


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_coupon_is_redeemed_in_two_taps(visit, shop: Shop, cashier: StaffMember, language):
    coupon = make_coupon(shop.merchant)
    page = visit(counter_of(shop), user=cashier.user, language=language)
    hand = Hand(page)
    hand.scan(code_url(coupon.token))
    expect(page.locator(".verdict[data-kind=check]")).to_contain_text("¥60")
    type_bill(page, "80")
    hand.tap(page.locator("[data-act]"))
    expect(page.locator(".verdict[data-kind=ok]")).to_contain_text("¥60")
    assert hand.taps == 2
    assert Purchase.objects.get().discount == 2000


def test_a_scan_while_the_amount_is_typed_adds_the_coupon_and_leaves_no_digits(visit, shop, cashier):
    person = cast.make_user()
    card, coupon = make_card(shop.merchant, person), make_coupon(shop.merchant, person)
    page = visit(counter_of(shop), user=cashier.user)
    hand = Hand(page)
    hand.scan(card.number)
    expect(page.locator("[data-sale]")).to_be_visible()
    hand.scan(coupon.token)
    expect(page.locator(".verdict[data-kind=check]")).to_be_visible()
    expect(page.locator("#id_bill")).to_have_value("")
    type_bill(page, "80")
    hand.enter()
    expect(page.locator(".verdict[data-kind=ok]")).to_be_visible()
    sale = Purchase.objects.get()
    assert (sale.card, sale.discount, sale.points) == (card, 2000, 60)


def test_the_counter_goes_back_to_listening_by_itself_and_ctrl_z_undoes(visit, shop, cashier):
    card = make_card(shop.merchant)
    page = visit(counter_of(shop), user=cashier.user)
    hand = Hand(page)
    hand.scan(card.number)
    expect(page.locator("#id_bill")).to_be_focused()
    type_bill(page, "38")
    hand.enter()
    expect(page.locator(".verdict[data-kind=ok]")).to_be_visible()
    expect(page.locator("#panel .verdict")).to_have_count(0, timeout=8000)
    expect(page.locator("#activity [data-undo]")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator("#activity .status")).to_have_count(1)
    assert balance(card) == 0


def test_without_scripts_the_counter_is_plain_forms(visit, shop, cashier):
    card = make_card(shop.merchant)
    page = visit(counter_of(shop), user=cashier.user, language="en", scripts=False)
    page.get_by_label("Card, coupon or phone number").fill(card.number)
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Amount of the bill").fill("38")
    page.get_by_role("button", name="Award points").click()
    expect(page.locator(".verdict")).to_contain_text("38 points awarded")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"/counter/$"))
    assert balance(card) == 38


def film_of(token: str, place: Path) -> Path:
    """What the camera sees: an empty counter for a second, then a phone with the code on it."""
    frames = [Image.new("RGB", (640, 480), "#ddd")] * 10
    code = qrcode.make(code_url(token), box_size=9, border=4).convert("RGB")
    shown = Image.new("RGB", (640, 480), "#ddd")
    shown.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    film = io.BytesIO()
    for frame in [*frames, *[shown] * 60]:
        frame.save(film, "JPEG", quality=90)
    place.write_bytes(film.getvalue())
    return place


@pytest.fixture
def camera_page(chromium, live_server, tmp_path, shop, cashier) -> Iterator[tuple[Page, object]]:
    """A Chromium whose camera looks at a member card; permission was given before."""
    card = make_card(shop.merchant, cast.make_user(name="张女士"))
    film = film_of(card.token, tmp_path / "counter.mjpeg")
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = chromium.browser_type.launch(
        executable_path=SHELL, args=[*QUIET, *fake, f"--use-file-for-fake-video-capture={film}"]
    )
    window = browser.new_context(base_url=live_server.url, permissions=["camera"])
    session = cast.client_of(cashier.user).cookies["sessionid"].value
    window.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield window.new_page(), card
    browser.close()


def test_the_camera_reads_the_card_and_three_taps_award_points(camera_page, shop):
    page, card = camera_page
    page.goto(counter_of(shop))
    taps = 0
    expect(page.locator("#panel")).to_contain_text("张女士", timeout=30_000)
    taps += 1  # the scan
    type_bill(page, "38")
    page.locator("[data-act]").click()
    taps += 1
    expect(page.locator(".verdict[data-kind=ok]")).to_contain_text("38")
    page.locator("[data-next]").click()
    taps += 1
    expect(page.locator("#panel .verdict")).to_have_count(0)
    assert taps == 3
    assert balance(card) == 38


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gold_members_points_are_awarded_and_used_in_three_taps_each(
    visit, shop: Shop, cashier: StaffMember, language
):
    """J7 with a level: the rule is read on the panel, the button says what the server will give."""
    card = make_card(shop.merchant, cast.make_user(name="张女士"), points=300)
    make_levels(card.programme, gives={2: {"multiplier": 150}})
    buy(card, 200_000)
    spending = {"points": 100, "worth": 100, "minimum": 100, "share": 50, "is_on": True}
    set_spending(card.programme, by=cast.owner_of(shop.merchant), **spending)
    page = visit(counter_of(shop), user=cashier.user, language=language)
    hand = Hand(page)
    hand.scan(code_url(card.token))
    expect(page.locator("#panel")).to_contain_text("×1.5")
    type_bill(page, "38")
    expect(page.locator("[data-act]")).to_contain_text("57")
    hand.enter()
    expect(page.locator(".verdict[data-kind=ok]")).to_contain_text("57")
    hand.enter()
    assert (hand.taps, balance(card)) == (3, 300 + 2000 + 57)
    page = visit(counter_of(shop), user=cashier.user, language=language)
    hand = Hand(page)
    hand.scan(code_url(agreed_points(card).token))
    type_bill(page, "10")
    hand.tap(page.locator("[name=use_points]"))
    expect(page.locator("[data-uses-label]")).to_contain_text("¥5")
    expect(page.locator("#panel output")).to_contain_text("¥5")
    hand.tap(page.locator("[data-act]"))
    expect(page.locator(".verdict[data-kind=ok]")).to_contain_text("¥5")
    assert (hand.taps, balance(card)) == (3, 2357 - 500 + 8)


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_are_asked_for_without_knowing_their_number(visit, shop, cashier, violations, language):
    """J7 with points: scan, one tap to ask, the customer agrees on the phone, on to the counter, done."""
    card = make_card(shop.merchant, cast.make_user(name="张女士"), points=300)
    make_pin(card)
    spending = {"points": 100, "worth": 100, "minimum": 100, "share": 50, "is_on": True}
    set_spending(card.programme, by=cast.owner_of(shop.merchant), **spending)
    page = visit(counter_of(shop), user=cashier.user, language=language)
    hand = Hand(page)
    hand.scan(code_url(card.token))
    label = page.locator("[data-uses-label]")
    expect(label).to_contain_text("¥3")
    assert violations(page) == []
    type_bill(page, "5")
    expect(label).to_contain_text("¥2")
    hand.tap(label)
    expect(page.locator("#approval")).to_contain_text("200")
    approve(Approval.objects.get(), PIN, by=card.customer.user, moment=timezone.now())
    hand.tap(page.get_by_role("link", name={"en": "On to the counter", "zh-hans": "去收银台"}[language]))
    expect(page.locator("#id_bill")).to_have_value("5")
    expect(page.locator("#id_bill")).to_be_focused()
    hand.enter()
    expect(page.locator(".verdict[data-kind=ok]")).to_contain_text("¥2")
    assert (hand.taps, balance(card)) == (4, 300 - 200 + 3)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_bill_is_charged_from_the_card_in_three_taps(visit, shop: Shop, cashier: StaffMember, language):
    """J8: the pay code on the customer's phone, the amount, and the balance is charged with its own words."""
    card = make_money_card(shop, cast.make_user(name="张女士"))
    make_pin(card)
    pay_in(card, 50_000)
    facts = {"key": uuid.uuid4(), "by": card.customer.user, "moment": timezone.now()}
    code = start_pay_code(card, PIN, **facts)
    page = visit(counter_of(shop), user=cashier.user, language=language)
    hand = Hand(page)
    hand.scan(code_url(code.token))
    expect(page.locator("#panel")).to_contain_text("¥550.00")
    type_bill(page, "38")
    expect(page.locator("[data-act]")).to_contain_text("¥38")
    hand.enter()
    expect(page.locator(".verdict[data-kind=ok]")).to_contain_text("¥38")
    hand.enter()
    assert (hand.taps, holds(card, ValueKind.PRINCIPAL)) == (3, 46_200)
