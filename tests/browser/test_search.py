"""Searching as you type: suggestions, what the device remembers, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants.categories import load_categories
from merchants.models import Category
from tests.cast import make_merchant, make_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salon(live_server: object) -> None:
    load_categories()
    hair = Category.objects.get(slug="hair")
    merchant = make_merchant(name="青禾理发", name_en="Qinghe Hair")
    make_shop(merchant, name="青禾理发", name_en="Qinghe Hair", category=hair, lat=31.2123, lon=121.4571)


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "青禾理发"), ("en", "Qinghe Hair")])
@pytest.mark.usefixtures("salon")
def test_from_the_front_page_to_a_shop_by_a_mistyped_word(
    visit: Callable[..., Page], violations: Callable[[Page], list[str]], language: str, name: str
) -> None:
    page = visit("/", language=language)
    page.get_by_role("searchbox").press_sequentially("qinhge")
    choice = page.locator(".finder-list").get_by_role("link", name=name)
    expect(choice).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(choice).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


@pytest.mark.usefixtures("salon")
def test_what_was_searched_is_offered_again_and_can_be_cleared(visit: Callable[..., Page]) -> None:
    page = visit("/search/", language="en")
    page.get_by_role("searchbox").fill("haircut")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=haircut$"))
    page.goto("/search/")
    page.get_by_role("searchbox").focus()
    expect(page.locator(".finder-list").get_by_role("link", name="haircut")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    page.reload()
    page.get_by_role("searchbox").focus()
    expect(page.locator(".finder-list")).to_be_hidden()


@pytest.mark.usefixtures("salon")
def test_the_form_works_with_scripts_off(visit: Callable[..., Page]) -> None:
    page = visit("/search/", language="en", scripts=False)
    page.get_by_role("searchbox").fill("qhlf")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Qinghe Hair").click()
    expect(page.get_by_role("heading", name="Qinghe Hair", level=1)).to_be_visible()
