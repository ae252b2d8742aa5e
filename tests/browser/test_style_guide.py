"""The style guide in a real browser: accessible and whole in every language, theme and width."""

import pytest
from django.test import override_settings
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def demo():
    with override_settings(PORTAL_DEMO=True):
        yield


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_in_any_component(visit, violations, language, theme):
    page = visit("/_ui/", language=language, theme=theme)
    assert violations(page) == []
    page.get_by_role("link", name="打开面板" if language == "zh-hans" else "Open a sheet").click()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 412, 1280])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_is_wider_than_the_screen(visit, language, width):
    page = visit("/_ui/", language=language, width=width)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_large_text_fits_a_small_phone(visit):
    page = visit("/_ui/", language="en", width=320)
    page.get_by_role("button", name="Large text").first.click()
    expect(page.locator("html")).to_have_attribute("data-scale", "lg")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_sheet_traps_and_gives_back_the_focus(visit):
    page = visit("/_ui/", language="en")
    opener = page.get_by_role("link", name="Open a sheet")
    opener.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_sheet_opens_without_scripts(visit):
    page = visit("/_ui/", language="en", scripts=False)
    page.get_by_role("link", name="Open a sheet").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_number_pad_writes_like_a_keyboard(visit):
    page = visit("/_ui/", language="en")
    amount = page.get_by_label("Amount", exact=True)
    for key in ("Delete the last digit", "Delete the last digit", "1", "2", ".", "."):
        page.get_by_role("button", name=key, exact=True).click()
    expect(amount).to_have_value("12.")


def test_the_theme_is_there_before_the_first_paint(visit):
    page = visit("/_ui/", theme="dark", scripts=False)
    assert page.evaluate("getComputedStyle(document.body.parentNode).backgroundColor") == "rgb(14, 19, 17)"
