"""What the phone keeps: the last pages, never for the next person; and an offer to install with manners."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.home.web import pwa
from portal.kernel.models import User
from tests.browser.test_messages import installed
from tests.cast import client_of, make_shop, make_user
from tests.coupons.makers import make_coupon
from tests.loyalty.makers import make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAY_INSTALL = """() => {
    const event = new Event("beforeinstallprompt", {cancelable: true});
    event.prompt = async () => { window.asked = (window.asked ?? 0) + 1; };
    event.userChoice = Promise.resolve({outcome: "dismissed"});
    dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.fixture(autouse=True)
def _fresh_worker() -> None:
    pwa._worker_once.cache_clear()


def settled(page: Page, address: str) -> None:
    """Until the worker has put the page away."""
    page.evaluate(
        """async (address) => {
            while (!(await caches.match(address, {ignoreVary: true})))
                await new Promise((done) => setTimeout(done, 50));
        }""",
        address,
    )


def offline_heading(page: Page, path: str) -> str:
    page.context.set_offline(True)
    page.goto(path)
    heading: str = page.get_by_role("heading", level=1).first.inner_text()
    page.context.set_offline(False)
    return heading


def become(page: Page, user: User) -> None:
    """Somebody else's session in the same browser, without a word from the first person."""
    address = page.evaluate("location.origin")
    session = client_of(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])


def test_a_card_its_code_and_a_coupon_open_without_a_network(visit: Any, consumer: User) -> None:
    shop = make_shop()
    card = make_card(shop.merchant, consumer)
    coupon = make_coupon(shop.merchant, consumer)
    page = visit("/me/cards/", user=consumer, language="en", service_workers="allow")
    installed(page)
    paths = [f"/me/cards/{card.token}/code/", f"/me/coupons/{coupon.token}/"]
    for path in paths:
        page.goto(path)
        settled(page, path)
    page.context.set_offline(True)
    for path in paths:
        page.goto(path)
        expect(page.locator("[data-as-of]")).to_contain_text("No connection. As of ")
        expect(page.locator("svg.qr, .qr-sheet svg, [role=img] svg, main svg").first).to_be_visible()
    page.context.set_offline(False)


def test_the_last_pages_of_a_signed_in_person_open_with_their_time(visit: Any, consumer: User) -> None:
    shop = make_shop(name_en="Qinghe Hair")
    page = visit("/me/cards/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.goto(shop.get_absolute_url())
    settled(page, shop.get_absolute_url())
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qinghe Hair")
    expect(page.locator("[data-as-of]")).to_contain_text("As of")
    page.context.set_offline(False)


def test_when_the_session_ended_elsewhere_the_next_visit_empties_what_was_kept(
    visit: Any, consumer: User
) -> None:
    page = visit("/me/cards/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.reload()
    settled(page, "/me/cards/")
    page.context.clear_cookies(name="sessionid")
    page.goto("/nearby/")
    page.wait_for_function("async () => !(await caches.keys()).includes('mine')")
    assert offline_heading(page, "/me/cards/") == "You are offline"


def test_the_next_person_on_the_phone_sees_nothing_of_the_first(visit: Any, consumer: User) -> None:
    shop = make_shop(name_en="Qinghe Hair")
    make_card(shop.merchant, consumer)
    page = visit("/me/cards/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.reload()
    settled(page, "/me/cards/")
    page.goto(shop.get_absolute_url())
    settled(page, shop.get_absolute_url())
    become(page, make_user(name="别人"))
    page.goto("/help/")
    page.wait_for_function("async () => !(await caches.keys()).includes('mine')")
    for path in ("/me/cards/", shop.get_absolute_url()):
        assert offline_heading(page, path) == "You are offline"


def test_installing_is_offered_beside_the_cards_and_not_now_is_heard(visit: Any, consumer: User) -> None:
    make_card(make_shop().merchant, consumer)
    page = visit("/nearby/", user=consumer, language="en")
    assert page.evaluate(MAY_INSTALL) is True
    expect(page.locator("[data-install]")).to_have_count(0)
    page.goto("/me/cards/")
    expect(page.locator("[data-install]")).to_be_hidden()
    page.evaluate(MAY_INSTALL)
    page.get_by_role("button", name="Not now").click()
    expect(page.locator("[data-install]")).to_be_hidden()
    page.reload()
    page.evaluate(MAY_INSTALL)
    expect(page.locator("[data-install]")).to_be_hidden()


def test_the_button_asks_the_browser_once(visit: Any, consumer: User) -> None:
    make_card(make_shop().merchant, consumer)
    page = visit("/me/cards/", user=consumer, language="en")
    page.evaluate(MAY_INSTALL)
    page.get_by_role("button", name="Put it there").click()
    page.wait_for_function("window.asked === 1")
    expect(page.locator("[data-install]")).to_be_hidden()


def test_chat_apps_are_never_asked_to_install(visit: Any, consumer: User) -> None:
    make_card(make_shop().merchant, consumer)
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 MicroMessenger/8.0"
    page = visit("/me/cards/", user=consumer, language="en", user_agent=agent)
    page.evaluate(MAY_INSTALL)
    expect(page.locator("[data-install]")).to_be_hidden()
