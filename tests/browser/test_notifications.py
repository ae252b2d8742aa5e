"""Notifications: asked for by a button, and from the row to the screen in a Chromium that can show them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from messaging import delivery
from messaging.models import PushSubscription
from portal.home.web import pwa
from portal.kernel.models import User
from tests.browser.pushes import SHOWN, Pushes, person_session, press, whole_browser
from tests.browser.test_messages import installed
from tests.messaging.makers import RECEIPT_PUSH, make_message
from tests.messaging.push_service import Keys, PushService, new_vapid_key

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def set_up(settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = new_vapid_key()
    pwa._worker_once.cache_clear()


@pytest.fixture
def chromium(chromium: Browser) -> Iterator[Browser]:
    with whole_browser(chromium) as browser:
        yield browser


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

    assert press(page, first["tag"]) == [f"{page.evaluate('location.origin')}/me/inbox/", 0]
