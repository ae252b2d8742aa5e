"""With the keyboard alone: search, offers, a correction, a review, a message to a shop."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from consumers.models import Conversation, Review
from merchants.categories import load_categories
from merchants.models import Category, Correction, Shop
from portal.kernel.models import User
from tests.browser.keys import tab_to
from tests.cast import make_merchant, make_shop
from tests.consumers.makers import make_purchase
from tests.coupons.makers import make_coupon_programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def salon(live_server: object) -> Shop:
    load_categories()
    merchant = make_merchant(name="青禾理发", name_en="Qinghe Hair")
    hair = Category.objects.get(slug="hair")
    return make_shop(
        merchant,
        name="青禾理发",
        name_en="Qinghe Hair",
        category=hair,
        lat=31.2123,
        lon=121.4571,
        hours="24/7",
    )


@pytest.mark.usefixtures("salon")
def test_the_first_tab_skips_to_the_content(visit: Callable[..., Page]) -> None:
    page = visit("/nearby/", language="en")
    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.usefixtures("salon")
def test_arrow_keys_walk_the_suggestions_and_escape_comes_back(visit: Callable[..., Page]) -> None:
    page = visit("/search/", language="en")
    field = page.get_by_role("searchbox")
    field.focus()
    page.keyboard.type("qinghe")
    links = page.locator(".finder-list a")
    expect(links.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowUp")  # round the end
    expect(links.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(page.locator(".finder-list")).to_be_hidden()


@pytest.mark.usefixtures("salon")
def test_while_characters_are_chosen_the_keys_belong_to_the_input_method(visit: Callable[..., Page]) -> None:
    page = visit("/search/", language="zh-hans")
    field = page.get_by_role("searchbox")
    field.focus()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggestions" in request.url else None)
    keys = page.context.new_cdp_session(page)
    for composed in ("q", "qing", "qing'he"):
        keys.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
    page.wait_for_timeout(400)
    assert asked == []
    field.dispatch_event("keydown", {"key": "ArrowDown", "isComposing": True, "bubbles": True})
    expect(field).to_be_focused()
    keys.send("Input.insertText", {"text": "青禾"})
    expect(page.locator(".finder-list a").first).to_contain_text("青禾")
    expect(field).to_have_value("青禾")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".finder-list a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="青禾理发", level=1)).to_be_visible()


def test_an_offer_is_reached_from_the_board(salon: Shop, visit: Callable[..., Page]) -> None:
    make_coupon_programme(salon.merchant)
    page = visit("/deals/", language="en")
    tab_to(page, "满60减20")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/coupons/"))
    expect(page.locator("main")).to_contain_text("满60减20")


def test_a_correction_is_reported(salon: Shop, visit: Callable[..., Page], consumer: User) -> None:
    page = visit(f"/s/{salon.slug}/report/", user=consumer, language="en")
    tab_to(page, "name is wrong|Wrong name|[Nn]ame")
    page.keyboard.press("Enter")
    page.wait_for_url("**what=name")
    tab_to(page, "^right$")
    page.keyboard.type("Qinghe Hair by the river")
    tab_to(page, "^Send$")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("what=name"))
    assert Correction.objects.get().by == consumer


def test_a_verified_review_is_written(salon: Shop, visit: Callable[..., Page], consumer: User) -> None:
    purchase = make_purchase(salon, consumer)
    page = visit(f"/s/{salon.slug}/reviews/write/?purchase={purchase.token}", user=consumer, language="en")
    tab_to(page, "stars")
    page.keyboard.press("ArrowRight")
    tab_to(page, "said")
    page.keyboard.type("Quick and friendly")
    tab_to(page, "Post")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Quick and friendly")).to_be_visible()
    assert Review.objects.get().purchase == purchase


def test_a_message_is_written_and_sent(salon: Shop, visit: Callable[..., Page], consumer: User) -> None:
    page = visit(salon.get_absolute_url(), user=consumer, language="en")
    tab_to(page, "^Message$")
    page.keyboard.press("Enter")
    page.wait_for_url("**/message/")
    tab_to(page, "said")
    page.keyboard.type("Is there a chair at three?")
    tab_to(page, "^Send")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Is there a chair at three?")).to_be_visible()
    assert Conversation.objects.get().person == consumer
