"""J1: from the front page to the prices of the nearest open hairdresser, in two taps, without signing in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants.categories import load_categories
from merchants.models import Category, Shop
from tests.browser.taps import Taps
from tests.cast import make_listing, make_merchant, make_shop

pytestmark = pytest.mark.django_db(transaction=True)
HERE = (31.2123, 121.4571)
WORDS = {"zh-hans": ("理发", "营业中", "剪发"), "en": ("Hair salon", "Open", "Haircut")}


@pytest.fixture
def street(live_server: object) -> Shop:
    """An open hairdresser around the corner, a nearer one that is shut, a bank, and many cafés."""
    load_categories()
    kinds = {row.slug: row for row in Category.objects.all()}
    merchant = make_merchant(name="青禾理发", name_en="Qinghe Hair")
    salon = make_shop(
        merchant, name="青禾理发", name_en="Qinghe Hair", category=kinds["hair"], lat=HERE[0] + 0.001,
        lon=HERE[1], hours="24/7", price=3800,
    )  # fmt: skip
    make_shop(
        make_merchant(name="关门理发"), name="关门理发", category=kinds["hair"], lat=HERE[0], lon=HERE[1],
        hours="Mo-Su 00:00-00:01",
    )  # fmt: skip
    for n in range(25):
        make_listing(name=f"咖啡 {n}", category=kinds["cafe"], lat=HERE[0] + 0.0005 * n, lon=HERE[1] + 0.001,
                     hours="24/7")  # fmt: skip
    return salon


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_taps_to_the_price_of_the_nearest_open_salon(
    street: Shop, visit: Callable[..., Page], violations: Callable[[Page], list[str]], language: str
) -> None:
    kind, is_open, service = WORDS[language]
    page = visit("/", language=language)
    taps = Taps()
    taps.tap(page.get_by_role("navigation").get_by_role("link", name=kind))
    row = page.locator(".shop-row").first
    expect(row).to_contain_text(str(street.name if language == "zh-hans" else street.name_en))
    expect(row).to_contain_text("38")
    expect(row).to_contain_text(is_open)
    expect(page.get_by_text("关门理发")).to_have_count(0)
    assert violations(page) == []
    taps.tap(row.get_by_role("link"))
    expect(page.locator("#prices")).to_contain_text(service)
    assert taps.count == 2
    assert violations(page) == []


def test_the_same_way_with_scripts_off(street: Shop, visit: Callable[..., Page]) -> None:
    page = visit("/", language="en", scripts=False)
    page.get_by_role("navigation").get_by_role("link", name="Hair salon").click()
    page.get_by_role("link", name="Qinghe Hair").click()
    expect(page.locator("#prices")).to_contain_text("Haircut")
    page.goto("/nearby/?view=map")
    expect(page.get_by_text("The map needs scripts")).to_be_visible()
    expect(page.locator(".shop-row")).to_have_count(20)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".shop-row").first).to_be_visible()
    page.get_by_text("Change", exact=True).click()
    page.get_by_role("button", name="People's Square").click()
    expect(page.get_by_text("Measured from People's Square")).to_be_visible()


def test_filters_swap_the_list_and_the_address_follows(street: Shop, visit: Callable[..., Page]) -> None:
    page = visit("/nearby/", language="en")
    page.get_by_role("link", name="Open now").click()
    expect(page).to_have_url(re.compile(r"/nearby/\?open=1$"))
    page.get_by_role("searchbox").fill("qhlf")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".shop-row")).to_have_count(1)
    expect(page.locator(".shop-row")).to_contain_text("Qinghe Hair")
    page.go_back()
    expect(page.locator(".shop-row")).to_have_count(20)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".shop-row")).to_have_count(26)


def test_the_device_s_position_is_used_when_somebody_taps_for_it(
    street: Shop, visit: Callable[..., Page]
) -> None:
    page = visit(
        "/nearby/?cat=hair",
        language="en",
        geolocation={"latitude": HERE[0], "longitude": HERE[1]},
        permissions=["geolocation"],
    )
    page.get_by_text("Change", exact=True).click()
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_text("Measured from your position")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/nearby/\?cat=hair$"))
    expect(page.locator(".shop-row").last).to_contain_text("110 m")


def test_a_refused_position_says_what_to_do(street: Shop, visit: Callable[..., Page]) -> None:
    page = visit("/nearby/", language="en", permissions=[])
    page.get_by_text("Change", exact=True).click()
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_text("Choose your area instead")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_shows_the_same_shops_and_axe_finds_nothing(
    street: Shop, visit: Callable[..., Page], violations: Callable[[Page], list[str]], theme: str
) -> None:
    page = visit("/nearby/?view=map&cat=hair", language="en", theme=theme, width=1280)
    expect(page.locator(".map-mark").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert violations(page) == []
