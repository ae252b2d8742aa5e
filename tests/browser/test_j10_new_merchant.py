"""Journey J10: from nothing to a published shop in a Chromium, counting taps, in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from coupons.models import CouponProgramme, ProgrammeState
from merchants.categories import load_categories
from merchants.models import Category, Merchant, Shop
from tests import cast
from tests.accounts.codes import last_code
from tests.merchants.pictures import picture, with_position

MOST_TAPS, MOST_TAPS_IN_ALL = 12, 18
DOOR = {"latitude": 31.23041, "longitude": 121.47372, "accuracy": 14}
PHONE = "13812340001"
WORDS = {
    "zh-hans": {
        "send": "发送验证码",
        "hair": "理发",
        "locate": "使用我的位置",
        "day": "每天",
        "keep": "先用这张封面",
    },
    "en": {
        "send": "Send code",
        "hair": "Hair salon",
        "locate": "Use my location",
        "day": "Every day",
        "keep": "Keep",
    },
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tree(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    load_categories(Category)


class Finger:
    """Taps what a person would tap, and counts."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()


def primary(page: Page) -> Locator:
    return page.locator(".action-bar button[type=submit]")


def sign_up(page: Page, finger: Finger, words: dict[str, str]) -> None:
    page.locator("input[name=login]").fill(PHONE)
    finger.tap(page.get_by_role("button", name=words["send"]))
    page.wait_for_url("**/accounts/login/code/**")
    page.locator("input[name=code]").fill(last_code(f"+86{PHONE}"))
    finger.tap(page.locator("main button[type=submit]").first)
    page.wait_for_url("**/m/start/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_shop_is_live_within_twelve_taps(visit: Callable[..., Page], language: str) -> None:
    words, finger = WORDS[language], Finger()
    page = visit("/m/start/", language=language, geolocation=DOOR, permissions=["geolocation"])
    sign_up(page, finger, words)
    page.locator("input[name=name]").fill("青禾理发")
    finger.tap(page.get_by_text(words["hair"], exact=True))
    finger.tap(primary(page))
    page.wait_for_url("**/location/")
    finger.tap(page.get_by_role("button", name=words["locate"]))
    expect(page.locator("[data-pin-says]")).to_contain_text("14")
    finger.tap(primary(page))
    page.wait_for_url("**/hours/")
    finger.tap(page.get_by_role("button", name=words["day"]).first)
    page.wait_for_url("**/services/")
    for number, price in enumerate(("38", "58", "２８")):
        page.locator(f"input[name=line-{number}-price]").fill(price)
    finger.tap(primary(page))
    page.wait_for_url("**/photo/")
    finger.tap(page.get_by_role("button", name=words["keep"]))
    page.wait_for_url("**/publish/")
    expect(page.locator(".shop-row")).to_contain_text("青禾理发")
    finger.tap(primary(page))
    page.wait_for_url("**/live/")
    assert finger.taps <= MOST_TAPS

    shop = Shop.objects.get()
    assert shop.is_listed and shop.from_price == 2800 and shop.accuracy_m == 14
    assert (round(shop.location.y, 5), round(shop.location.x, 5)) == (31.23041, 121.47372)
    first_coupon_and_poster(page, finger)
    assert finger.taps <= MOST_TAPS_IN_ALL
    assert CouponProgramme.objects.get().state == ProgrammeState.PUBLISHED
    page.goto(f"/nearby/?near={shop.location.y},{shop.location.x}")
    expect(page.get_by_role("link", name="青禾理发").first).to_be_visible()


def first_coupon_and_poster(page: Page, finger: Finger) -> None:
    """The last two steps: a preset as it is, then the sheet for the door."""
    live = page.url
    finger.tap(page.locator("a[href*='preset=welcome']"))
    page.wait_for_url("**/coupons/new/**")
    finger.tap(page.locator("button[name=do][value=publish]"))
    page.wait_for_url("**/coupons/*/")
    page.goto(live)
    finger.tap(page.locator("a[href$='/print/poster/']"))
    page.wait_for_url("**/print/poster/")
    expect(page.locator(".sheet-code svg")).to_be_visible()
    answer = page.request.get(page.locator("a[href$='poster.pdf']").get_attribute("href"))
    assert answer.ok and answer.body().startswith(b"%PDF-")


@pytest.fixture
def draft() -> Shop:
    merchant = cast.make_merchant(name="青禾理发")
    hair = Category.objects.get(slug="hair")
    return cast.make_shop(merchant, category=hair, published=False)


def step(shop: Shop, name: str) -> str:
    return f"/m/{shop.merchant.slug}/shops/{shop.slug}/{name}/"


def test_the_pin_moves_by_arrow_keys_alone(visit: Callable[..., Page], draft: Shop) -> None:
    page = visit(step(draft, "location"), user=cast.owner_of(draft.merchant))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('data-pin-map')"):
            break
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    lat, lon = (float(page.locator(f"input[name={name}]").input_value()) for name in ("lat", "lon"))
    assert (lat - 31.2304) * 111_320 == pytest.approx(10, abs=0.2)  # metres north
    assert (lon - 121.4737) * 95_190 == pytest.approx(5, abs=0.2)  # metres east, at this latitude
    page.locator("input[name=address]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/hours/")
    draft.refresh_from_db()
    assert draft.location.y == pytest.approx(lat, abs=1e-6)


def test_the_pin_moves_by_tapping_and_by_its_four_buttons(visit: Callable[..., Page], draft: Shop) -> None:
    page = visit(step(draft, "location"), user=cast.owner_of(draft.merchant))
    before = page.locator("input[name=lat]").input_value()
    page.locator("[data-nudge='0,-1']").click()
    after = page.locator("input[name=lat]").input_value()
    assert (float(before) - float(after)) * 111_320 == pytest.approx(5, abs=0.2)
    if page.evaluate("'L' in window"):
        page.locator("[data-pin-map]").click(position={"x": 40, "y": 200})
        assert page.locator("input[name=lon]").input_value() != "121.473700"


def test_without_a_position_the_coordinates_can_be_typed(visit: Callable[..., Page], draft: Shop) -> None:
    Shop.objects.filter(pk=draft.pk).update(location=None)
    page = visit(step(draft, "location"), user=cast.owner_of(draft.merchant), language="en", permissions=[])
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("[data-pin-says]")).to_contain_text("No location")
    page.locator("input[name=lat]").fill("31.2")
    page.locator("input[name=lon]").fill("121.4")
    primary(page).click()
    page.wait_for_url("**/hours/")


def test_it_works_without_scripts(visit: Callable[..., Page]) -> None:
    owner = cast.make_user()
    page = visit("/m/start/", user=owner, scripts=False, language="en")
    page.locator("input[name=name]").fill("Blue Door Laundry")
    page.get_by_text("Laundry", exact=True).click()
    primary(page).click()
    page.get_by_text("Enter coordinates").click()
    page.locator("input[name=lat]").fill("31.2304")
    page.locator("input[name=lon]").fill("121.4737")
    primary(page).click()
    page.locator("button[name=usual]").first.click()
    page.locator("input[name=line-0-price]").fill("12")
    primary(page).click()
    page.locator("input[name=photo]").set_input_files(
        {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": with_position()}
    )
    page.get_by_role("button", name="Add the photo").click()
    expect(page.locator(".album img")).to_have_count(1)
    primary(page).click()
    primary(page).click()
    page.wait_for_url("**/live/")
    assert Merchant.objects.owned_by(owner).count() == 1 and Shop.objects.get().cover


def test_a_huge_photo_is_made_smaller_before_it_is_sent(visit: Callable[..., Page], draft: Shop) -> None:
    page = visit(step(draft, "photo"), user=cast.owner_of(draft.merchant), language="en")
    chosen = {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": picture((7000, 5000))}  # 35 megapixels
    page.locator("input[name=photo]").set_input_files(chosen)
    expect(page.locator("form[data-made=smaller]")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Add the photo").click()
    expect(page.locator(".album img")).to_have_count(1)
    assert draft.photos.get().width == 1280


PAGES = (
    "",
    "name/",
    "location/",
    "hours/",
    "days/",
    "services/",
    "photo/",
    "publish/",
    "words/",
    "notices/",
    "preview/",
)


@pytest.mark.parametrize(("theme", "width", "language"), [("light", 412, "zh-hans"), ("dark", 320, "en")])
def test_axe_finds_nothing(
    visit: Callable[..., Page], violations: Any, draft: Shop, theme: str, width: int, language: str
) -> None:
    owner = cast.owner_of(draft.merchant)
    cast.make_staff(draft.merchant)
    merchant = f"/m/{draft.merchant.slug}"
    listing = cast.make_listing(name="阳光洗衣店", merchant=cast.make_merchant(), category=draft.category)
    paths = [f"{merchant}/shops/{draft.slug}/{page}" for page in PAGES]
    paths += [f"{merchant}/{page}" for page in ("shops/", "settings/", "settings/team/", "shops/new/")]
    paths += ["/m/?choose=1", "/m/start/?new=1", f"/s/{listing.slug}/claim/"]
    look = {"theme": theme, "width": width, "language": language, "user": owner}
    for path in paths:
        page = visit(path, **look)
        assert (path, violations(page)) == (path, [])
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, wide) == (path, 0)
        page.close()
