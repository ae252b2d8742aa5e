"""Pushes in a real browser: delivered by Chromium's own debugging protocol, shown and pressed there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from portal.kernel.models import User
from tests.browser.conftest import CHROMIUM, QUIET
from tests.cast import client_of


@contextmanager
def whole_browser(shell: Browser) -> Iterator[Browser]:
    """The shell that the other tests drive refuses every notification."""
    browser = shell.browser_type.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


def person_session(person: User) -> str:
    return str(client_of(person).session.session_key)


class Pushes:
    """What a push service would do to this browser, by Chromium's own debugging protocol."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.seen: dict[str, str] = {}
        self.cdp.on("ServiceWorker.workerRegistrationUpdated", self.note)
        self.cdp.send("ServiceWorker.enable")
        self.origin = page.evaluate("location.origin")
        for _ in range(400):  # it is told of after the answer to "enable", sooner or later
            if self.origin + "/" in self.seen:
                break
            page.wait_for_timeout(50)

    def note(self, event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            self.seen[one["scopeURL"]] = one["registrationId"]

    def deliver(self, payload: dict[str, Any]) -> None:
        registration = self.seen[self.origin + "/"]
        fields = {"origin": self.origin, "registrationId": registration, "data": json.dumps(payload)}
        self.cdp.send("ServiceWorker.deliverPushMessage", fields)


SHOWN = """async (count) => {
    const registration = await navigator.serviceWorker.ready;
    for (let i = 0; i < 400; i += 1) {
        const all = await registration.getNotifications();
        const plain = ({title, body, tag, lang, data}) => ({title, body, tag, lang, data});
        if (all.length >= count) return all.map(plain);
        await new Promise((done) => setTimeout(done, 50));
    }
    return [];
}"""


PRESSED = """async (tag) => {
    let opened;
    clients.openWindow = (url) => { opened = url; return Promise.resolve(null); };
    clients.matchAll = () => Promise.resolve([]);
    const [notification] = await registration.getNotifications({tag});
    const click = new NotificationEvent("notificationclick", {notification});
    dispatchEvent(click);
    let left;
    for (let i = 0; i < 400; i += 1) {
        left = (await registration.getNotifications({tag})).length;
        if (opened && left === 0) break;
        await new Promise((done) => setTimeout(done, 50));
    }
    return [opened, left];
}"""


def press(page: Page, tag: str) -> list[Any]:
    """Which address a tap on the notification opens, and how many of its tag are left."""
    pressed: list[Any] = page.context.service_workers[0].evaluate(PRESSED, tag)
    return pressed
