"""J2: from a storefront to the maps app that leads there, in two taps; a driver reads the Chinese address."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from merchants.datum import Datum, to_wgs84
from merchants.models import Shop
from tests.browser.taps import Taps
from tests.cast import make_category, make_merchant, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAY = """() => document.addEventListener("click", (event) => {
    window.led_to = event.target.closest("a")?.href;
    event.preventDefault();
})"""  # the maps app would take over from here
WORDS = {"zh-hans": ("路线", "高德地图"), "en": ("Route", "Amap")}


@pytest.fixture
def salon(live_server: object) -> Shop:
    merchant = make_merchant(name="青禾理发", name_en="Qinghe Hair")
    return make_shop(
        merchant, name="青禾理发", name_en="Qinghe Hair", category=make_category("hair"), lat=31.2123,
        lon=121.4571,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_taps_to_the_way_there(
    salon: Shop, visit: Callable[..., Page], violations: Callable[[Page], list[str]], language: str
) -> None:
    route, app = WORDS[language]
    page = visit(salon.get_absolute_url(), language=language)
    taps = Taps()
    taps.tap(page.get_by_role("link", name=route, exact=True))
    sheet = page.get_by_role("dialog", name=route)
    expect(sheet).to_be_visible()
    expect(sheet.locator(".storefront-driver")).to_have_attribute("lang", "zh-Hans")
    expect(sheet.locator(".storefront-driver")).to_contain_text("人民路 1 号")
    assert violations(page) == []
    page.evaluate(STAY)
    taps.tap(sheet.get_by_role("link", name=app))
    assert taps.count == 2
    assert_near(page.evaluate("window.led_to"), salon)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_ways_stand_on_the_page_with_scripts_off(
    salon: Shop, visit: Callable[..., Page], language: str
) -> None:
    page = visit(salon.get_absolute_url(), language=language, scripts=False)
    page.get_by_role("link", name=WORDS[language][0], exact=True).click()
    expect(page.get_by_role("link", name=WORDS[language][1])).to_be_visible()


def assert_near(address: str, shop: Shop) -> None:
    """The app's own datum (GCJ-02), brought back, is the shop's point to a few metres."""
    query = parse_qs(urlsplit(address).query)
    numbers = [
        float(n) for n in re.findall(r"-?\d+\.\d+", " ".join(one for each in query.values() for one in each))
    ]
    lat = next(n for n in numbers if 30 < n < 33)
    lon = next(n for n in numbers if 120 < n < 123)
    back = to_wgs84(lat, lon, Datum.GCJ02)
    assert abs(back[0] - shop.location.y) < 0.0001 and abs(back[1] - shop.location.x) < 0.0001
    assert abs(lat - shop.location.y) > 0.0005 or abs(lon - shop.location.x) > 0.0005
