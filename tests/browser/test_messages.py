"""Inbox, notification settings and the service worker in a real Chromium."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from messaging.consent import unsubscribe_path
from messaging.models import Choice, Message
from portal.home.web import pwa
from portal.kernel.models import User
from tests.messaging.makers import DEAL, RECEIPT, make_message
from tests.messaging.push_service import new_vapid_key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ["/me/inbox/", "/me/notifications/", "/demo/sms/", "/offline/"]


@pytest.fixture(autouse=True)
def set_up(settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY, settings.PORTAL_DEMO = new_vapid_key(), True
    pwa._worker_once.cache_clear()


def installed(page: Page) -> None:
    """Wait until the service worker serves this page."""
    page.evaluate(
        """() => new Promise((done) => {
            if (navigator.serviceWorker.controller) done();
            navigator.serviceWorker.addEventListener("controllerchange", () => done());
        })"""
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    visit: Any, violations: Any, consumer: User, language: str, theme: str
) -> None:
    make_message(consumer, RECEIPT, shop="青禾理发 人民路店" * 3, url="/nearby/")
    make_message(consumer, DEAL)
    for path in [*PAGES, unsubscribe_path(consumer.pk, "deals", "email")]:
        page = visit(path, user=consumer, language=language, theme=theme, width=320)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert violations(page) == [], path


def test_opening_a_message_marks_it_read(visit: Any, consumer: User) -> None:
    message = make_message(consumer, RECEIPT, shop="青禾理发", url="/me/notifications/")
    page = visit("/me/inbox/", user=consumer, language="en")
    page.get_by_role("link", name="Paid at 青禾理发").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
    for _attempt in range(50):  # the request outlives the page it was sent from: no page tells of its answer
        page.goto("/me/inbox/")
        if not page.locator("li[data-new]").count():
            break
        page.wait_for_timeout(100)
    message.refresh_from_db()
    assert message.read_at


def test_settings_and_reading_work_without_scripts(visit: Any, consumer: User) -> None:
    make_message(consumer)
    page = visit("/me/inbox/", user=consumer, language="en", scripts=False)
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_role("button", name="Mark all read")).to_have_count(0)  # a click alone doesn't wait
    assert not Message.objects.unread().exists()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("checkbox", name="Deals near me: Push notification").check()
    page.get_by_label("Quiet from").fill("22:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds from now on.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Deals near me: Push notification")).to_be_checked()
    assert Choice.objects.get(purpose="deals", channel="push").wanted
    assert str(consumer.quiet_times) == "22:30–09:00"


KEPT = """async () => {
    while (!(await caches.match(location.href, {cacheName: "mine"})))
        await new Promise((done) => setTimeout(done, 50));
}"""


@pytest.mark.parametrize("path", ["/me/coupons/", "/me/cards/"])
def test_coupons_and_cards_open_without_a_network_and_say_of_when_they_are(
    visit: Any, consumer: User, path: str
) -> None:
    page = visit(path, user=consumer, language="en", service_workers="allow")
    installed(page)
    page.reload()
    heading = page.get_by_role("heading", level=1).inner_text()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("[data-as-of]")).to_contain_text("No connection. As of ")
    page.goto("/me/inbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    page.context.set_offline(False)
    page.goto(path)
    expect(page.locator("[data-as-of]")).to_have_count(0)


def test_the_first_visit_is_kept_too(visit: Any, consumer: User) -> None:
    page = visit("/me/coupons/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.evaluate(KEPT)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-as-of]")).to_be_visible()
    page.context.set_offline(False)


def test_signing_out_leaves_nothing_of_the_person_behind(visit: Any, consumer: User) -> None:
    page = visit("/me/coupons/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.reload()
    page.evaluate("localStorage.setItem('x', '1')")
    assert "mine" in page.evaluate("caches.keys()")
    page.goto("/accounts/")
    page.locator('form[action*="/accounts/logout/"] button').first.click()
    page.wait_for_load_state()
    assert not {"mine", "images"} & set(page.evaluate("caches.keys()"))
    assert page.evaluate("localStorage.length") == 0
    page.context.set_offline(True)
    page.goto("/me/coupons/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    page.context.set_offline(False)


def test_a_public_page_seen_by_a_visitor_opens_offline_and_a_form_empties_what_is_kept(visit: Any) -> None:
    page = visit("/", language="en", service_workers="allow")
    installed(page)
    page.reload()
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#main")).to_be_visible()
    expect(page.get_by_text("You are offline", exact=True)).to_have_count(0)
    page.context.set_offline(False)
    page.get_by_role("button", name="Dark").first.click()
    page.wait_for_load_state()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_new_version_waits_until_the_person_says_so(
    visit: Any, consumer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("/me/notifications/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.evaluate("window.here = true")
    coming = pwa.worker().replace('"version": "', '"version": "new')
    monkeypatch.setattr(pwa, "_worker_once", lambda: coming)
    page.evaluate("navigator.serviceWorker.ready.then((r) => r.update()).then(() => {})")
    expect(page.get_by_text("A new version is ready")).to_be_visible()
    assert page.evaluate("window.here") is True
    with page.expect_navigation():
        page.get_by_role("button", name="Refresh").click()
    assert any(name.startswith("shell-new") for name in page.evaluate("caches.keys()"))
