"""Journey J11: a member card is designed and issued in a Chromium, counting taps, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from loyalty.models import CardLook, DesignVersion, Programme
from merchants.categories import load_categories
from merchants.models import Category, Shop
from tests import cast
from tests.browser.taps import Taps
from tests.merchants.pictures import picture

MOST_TAPS = 8

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def tree(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    load_categories(Category)


@pytest.fixture
def shop() -> Shop:
    merchant = cast.make_merchant(name="青禾理发", name_en="Qinghe Hair")
    return cast.make_shop(merchant, category=Category.objects.get(slug="hair"))


def primary(page: Page) -> Any:
    return page.locator(".action-bar button[type=submit]")


def home(shop: Shop) -> str:
    return f"/m/{shop.merchant.slug}/cards"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_card_is_designed_and_issued_within_eight_taps(
    visit: Callable[..., Page], shop: Shop, language: str
) -> None:
    taps = Taps()
    page = visit(f"{home(shop)}/", user=cast.owner_of(shop.merchant), language=language)
    page.wait_for_url("**/cards/design/")
    taps.tap(page.locator(".face:has(input[value=plum])"))
    taps.tap(primary(page))
    page.wait_for_url("**/picture/")
    taps.tap(primary(page))  # without one
    page.wait_for_url("**/text/")
    page.locator("input[name=slogan]").fill("剪得好，回得勤")
    expect(page.locator("[data-designer-preview] .member-card-slogan")).to_have_text("剪得好，回得勤")
    taps.tap(primary(page))
    page.wait_for_url("**/preview/")
    taps.tap(page.locator("a[href='?as=dark']"))
    expect(page.locator(".stage[data-as=dark] .member-card")).to_be_visible()
    taps.tap(primary(page))
    page.wait_for_url("**/issue/")
    taps.tap(page.locator("a[href$='/print/poster/']"))
    page.wait_for_url("**/print/poster/")
    assert taps.count <= MOST_TAPS
    look = CardLook.objects.get(merchant=shop.merchant)
    assert (look.face, look.pattern, look.slogan) == ("plum", "scissors", "剪得好，回得勤")
    assert Programme.objects.get().is_open


def test_a_picture_is_chosen_and_the_frame_dragged(visit: Callable[..., Page], shop: Shop) -> None:
    page = visit(f"{home(shop)}/design/picture/", user=cast.owner_of(shop.merchant), language="en")
    photo = {"name": "shop.jpg", "mimeType": "image/jpeg", "buffer": picture((1600, 1200), colour="white")}
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("button", name="Use this picture").click()
    expect(page.get_by_text("We darkened the picture by 55 %")).to_be_visible()
    width = page.locator("input[name=width]")
    width.fill("600")
    frame = page.locator(".cropper-frame")
    expect(frame).to_have_attribute("style", re.compile(r"width: 60%"))  # the script has taken it over
    frame.scroll_into_view_if_needed()
    before = frame.bounding_box()
    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.mouse.down()
    page.mouse.move(before["x"] + before["width"] / 2 + 60, before["y"] + before["height"] / 2 + 40, steps=4)
    page.mouse.up()
    after = frame.bounding_box()
    assert after["x"] - before["x"] == pytest.approx(60, abs=4)
    assert after["width"] / after["height"] == pytest.approx(1020 / 643, rel=0.03)
    page.get_by_role("button", name="Show on the card").click()
    page.wait_for_url("**/picture/")
    version = DesignVersion.objects.order_by("-number")[0]
    assert (version.crop_width, version.layout) == (600, "full") and version.crop_x > 0
    expect(page.locator("[data-designer-preview] .member-card-picture")).to_be_visible()


def test_a_colour_that_carries_no_text_is_fixed_by_one_button(visit: Callable[..., Page], shop: Shop) -> None:
    page = visit(f"{home(shop)}/design/text/", user=cast.owner_of(shop.merchant), language="en")
    page.locator("input[name=base]").fill("#7b7b7b")
    expect(page.locator("input[name=own]")).to_be_checked()
    expect(page.locator("[data-contrast]")).to_contain_text("too little")
    expect(page.locator("[data-designer-preview] .member-card")).to_have_attribute("data-face", "own")
    primary(page).click()
    page.get_by_role("button", name="Fix it").click()
    page.wait_for_url("**/preview/")
    assert DesignVersion.objects.get().base == "#767676"


def test_back_never_loses_work_and_undo_goes_further_back(visit: Callable[..., Page], shop: Shop) -> None:
    page = visit(f"{home(shop)}/design/", user=cast.owner_of(shop.merchant), language="en")
    for face in ("plum", "sky"):
        page.locator(f".face:has(input[value={face}])").click()
        primary(page).click()
        page.wait_for_url("**/picture/")
        page.go_back()
        page.reload()
        expect(page.locator(f"input[value={face}]")).to_be_checked()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("input[value=plum]")).to_be_checked()
    page.get_by_role("button", name="Redo").click()
    expect(page.locator("input[value=sky]")).to_be_checked()


def test_the_steps_are_walked_by_keys_alone(visit: Callable[..., Page], shop: Shop) -> None:
    page = visit(f"{home(shop)}/design/", user=cast.owner_of(shop.merchant), language="en")

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"no way to {selector} by Tab")

    tab_to("input[name=face]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[value=ink]")).to_be_checked()
    for step in ("picture", "text", "preview"):
        tab_to(".action-bar button")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{step}/")
    tab_to("a[href='?as=print']")
    page.keyboard.press("Enter")
    expect(page.locator(".stage[data-as=print]")).to_be_visible()
    tab_to(".action-bar button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/issue/")
    assert CardLook.objects.get().face == "ink"


@pytest.mark.parametrize(("theme", "width", "language"), [("light", 412, "zh-hans"), ("dark", 320, "en")])
def test_axe_finds_nothing_on_any_preview(
    visit: Callable[..., Page], violations: Any, shop: Shop, theme: str, width: int, language: str
) -> None:
    look = {"theme": theme, "width": width, "language": language, "user": cast.owner_of(shop.merchant)}
    for view in ("light", "dark", "large", "wallet", "counter", "print", "grey"):
        page = visit(f"{home(shop)}/design/preview/?as={view}", **look)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (view, violations(page), wide) == (view, [], 0)
        page.close()
