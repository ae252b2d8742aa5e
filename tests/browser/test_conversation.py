"""Writing to a shop and answering: both sides in a browser, with and without scripts, small and wide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from merchants.models import Shop
from portal.kernel.models import User
from tests.browser.taps import Taps
from tests.cast import make_merchant, make_shop, make_user, owner_of
from tests.consumers.makers import make_answer, make_letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "请问" + "很长" * 60 + "x" * 80


@pytest.fixture
def salon(live_server: object) -> Shop:
    return make_shop(
        make_merchant(name="青禾理发", name_en="Qinghe Hair"), name="青禾理发", name_en="Qinghe Hair"
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_question_and_its_answer(
    salon: Shop, visit: Callable[..., Page], consumer: User, scripts: bool
) -> None:
    page, taps = visit(salon.get_absolute_url(), user=consumer, language="en", scripts=scripts), Taps()
    taps.tap(page.get_by_role("link", name="Message", exact=True))
    page.get_by_label("Your message").fill("Is there a chair at three?")
    taps.tap(page.get_by_role("button", name="Send"))
    expect(page.get_by_text("Is there a chair at three?")).to_be_visible()
    assert taps.count == 2
    owner = owner_of(salon.merchant)
    console = visit(f"/m/{salon.merchant.slug}/messages/", user=owner, language="zh-hans", scripts=scripts)
    console.get_by_role("link", name=consumer.name).click()
    console.get_by_label("店铺回复").fill("有的，三点可以。")
    console.get_by_role("button", name="发送").click()
    expect(console.get_by_text("有的，三点可以。")).to_be_visible()
    page.reload()
    expect(page.get_by_text("有的，三点可以。")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("zh-hans", "dark", 320), ("en", "light", 1280)], ids=["phone", "desk"]
)
def test_the_pages_fit_and_are_accessible(
    salon: Shop,
    visit: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    consumer: User,
    language: str,
    theme: str,
    width: int,
) -> None:
    conversation = make_letter(salon, consumer, LONG)
    make_letter(salon, make_user(name="x" * 60), LONG)
    make_answer(conversation, LONG)
    owner, console = owner_of(salon.merchant), f"/m/{salon.merchant.slug}/messages/"
    pages = [
        (f"/s/{salon.slug}/message/", make_user()),
        ("/me/messages/", consumer),
        (f"/me/messages/{conversation.token}/", consumer),
        (f"/me/messages/{conversation.token}/report/", consumer),
        (console, owner),
        (f"{console}?all=1", owner),
        (f"{console}{conversation.token}/", owner),
        (f"{console}{conversation.token}/report/", owner),
    ]
    for path, who in pages:
        page = visit(path, user=who, language=language, theme=theme, width=width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert violations(page) == [], path
        page.close()
