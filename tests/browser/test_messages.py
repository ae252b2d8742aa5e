"""Inbox, notification settings and the service worker in a real Chromium."""

import json
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from messaging import delivery
from messaging.consent import unsubscribe_path
from messaging.models import Choice, Message, PushSubscription
from portal.home.web import pwa
from portal.kernel.models import User
from tests.cast import client_of
from tests.messaging.makers import DEAL, RECEIPT, RECEIPT_PUSH, make_message
from tests.messaging.push_service import Keys, PushService, new_vapid_key

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
    with page.expect_response("**/read/") as answer:
        page.get_by_role("link", name="Paid at 青禾理发").click()
    assert answer.value.status == 204
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
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


def test_permission_is_asked_by_the_button_only(visit: Any, consumer: User) -> None:
    page = visit("/me/notifications/", user=consumer, language="en", service_workers="allow")
    installed(page)
    expect(page.locator("[data-push]")).to_have_attribute("data-state", "off")
    page.evaluate(
        """() => {
            const refuse = () => { window.asked = true; return Promise.resolve("denied"); };
            Notification.requestPermission = refuse;
        }"""
    )
    assert page.evaluate("window.asked") is None
    page.get_by_role("button", name="Notify this browser").click()
    expect(page.get_by_text("This browser refuses notifications")).to_be_visible()
    assert page.evaluate("window.asked") is True


# --- Notifications: from the row to the screen


class Pushes:
    """What a push service would do to this browser, by Chromium's own debugging protocol."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.seen: dict[str, str] = {}
        self.cdp.on("ServiceWorker.workerRegistrationUpdated", self.note)
        self.cdp.send("ServiceWorker.enable")
        self.origin = page.evaluate("location.origin")

    def note(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            self.seen[one["scopeURL"]] = one["registrationId"]

    def deliver(self, payload: dict[str, Any]) -> None:
        registration = self.seen[self.origin + "/"]
        fields = {"origin": self.origin, "registrationId": registration, "data": json.dumps(payload)}
        self.cdp.send("ServiceWorker.deliverPushMessage", fields)


KEPT = """async () => {
    while (!(await caches.match(location.href, {cacheName: "mine"})))
        await new Promise((done) => setTimeout(done, 50));
}"""
SHOWN = """async (count) => {
    const registration = await navigator.serviceWorker.ready;
    for (let i = 0; i < 100; i += 1) {
        const all = await registration.getNotifications();
        const plain = ({title, body, tag, lang, data}) => ({title, body, tag, lang, data});
        if (all.length >= count) return all.map(plain);
        await new Promise((done) => setTimeout(done, 50));
    }
    return [];
}"""


def pushed(person: User, settings: Any, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    """The payloads as they leave for the person's browser, opened with the browser's keys."""
    settings.PUSH_HOSTS, settings.PUSH_HTTPS_ONLY = ["127.0.0.1"], False
    keys = Keys()
    with PushService() as service:
        subscription = PushSubscription.objects.create(
            person=person,
            session_id=person_session(person),
            endpoint=f"{service.url}/x",
            endpoint_hash=b"x",
            p256dh=keys.p256dh,
            auth=keys.auth,
        )
        for fields in messages:
            make_message(person, RECEIPT_PUSH, **fields)
        delivery.send_due()
        subscription.delete()
        return [keys.open(post.body) for post in service.posts]


def person_session(person: User) -> str:
    return str(client_of(person).session.session_key)


def test_a_notification_shows_no_personal_data_once_per_message_and_leads_to_it(
    visit: Any, consumer: User, settings: Any
) -> None:
    page = visit(
        "/me/notifications/",
        user=consumer,
        language="en",
        service_workers="allow",
        permissions=["notifications"],
    )
    installed(page)
    first, second = pushed(
        consumer,
        settings,
        {"shop": "青禾理发", "amount": "¥38", "url": "/me/inbox/"},
        {"shop": "别家", "url": ""},
    )
    pushes = Pushes(page)
    for payload in (first, second, first):  # the first is sent again, as after a killed worker
        pushes.deliver(payload)
    shown = page.evaluate(SHOWN, 2)
    assert sorted(one["tag"] for one in shown) == sorted({first["tag"], second["tag"]})
    for one in shown:
        assert (one["title"], one["body"]) == ("你的消费或会员卡有新消息", "点开查看")
        assert one["data"]["url"] == "/me/inbox/"
        assert "青禾" not in json.dumps(one, ensure_ascii=False)

    worker = page.context.service_workers[0]
    opened = worker.evaluate(
        """async (tag) => {
            let opened;
            clients.openWindow = (url) => { opened = url; return Promise.resolve(null); };
            clients.matchAll = () => Promise.resolve([]);
            const [notification] = await registration.getNotifications({tag});
            const click = new NotificationEvent("notificationclick", {notification});
            dispatchEvent(click);
            await new Promise((done) => setTimeout(done, 100));
            return [opened, (await registration.getNotifications({tag})).length];
        }""",
        first["tag"],
    )
    assert opened == [f"{page.evaluate('location.origin')}/me/inbox/", 0]


# --- Without a network


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
