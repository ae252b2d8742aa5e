"""The map that is dragged: list and address follow it, and the way back leads to where one was."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants.categories import load_categories
from merchants.models import Category
from tests.cast import make_merchant, make_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = (31.2123, 121.4571)


@pytest.fixture
def two_streets(live_server: object) -> None:
    """One salon here, one some five kilometres further east."""
    load_categories()
    hair, merchant = Category.objects.get(slug="hair"), make_merchant()
    make_shop(merchant, name="这里理发", category=hair, lat=HERE[0], lon=HERE[1], hours="24/7")
    make_shop(merchant, name="东边理发", category=hair, lat=HERE[0], lon=HERE[1] + 0.05, hours="24/7")


def drag(page: Page, by: int) -> None:
    """The finger moves to the left, so that the map shows what lies to the east."""
    plane = page.locator(".nearby-map-plane")
    box = plane.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x + by / 2, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + by / 2 - by * step / 8, y)
    page.wait_for_timeout(100)  # without a rest Leaflet lets the map glide on
    page.mouse.up()


@pytest.mark.usefixtures("two_streets")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_list_and_address_follow_the_dragged_map_and_back_returns(
    visit: Callable[..., Page], language: str
) -> None:
    page = visit(f"/nearby/?view=map&cat=hair&near={HERE[0]},{HERE[1]}&r=1000", language=language, width=1280)
    rows = page.locator("#results .shop-row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("这里理发")
    for _ in range(12):
        if (found := re.search(r"near=[\d.]+%2C([\d.]+)", page.url)) and float(found[1]) > HERE[1] + 0.043:
            break
        with page.expect_response(re.compile(r"/nearby/\?.*near=")):
            drag(page, 500)
        page.wait_for_timeout(100)
    expect(rows.first).to_contain_text("东边理发")
    expect(page).to_have_url(re.compile(r"near=31\.2\d*%2C121\.(49|50|51)"))
    dragged = page.url
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("东边理发")
    page.go_back()
    expect(page).to_have_url(dragged)
    expect(page.locator("#results .shop-row").first).to_contain_text("东边理发")
    page.reload()  # the address alone says it all
    expect(page.locator("#results .shop-row").first).to_contain_text("东边理发")
