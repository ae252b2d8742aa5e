"""A real Chromium for tests that act as a person would.

`visit(path, …)` opens a page of the running portal and returns Playwright's page. What the browser complains
about (a script's error, a refusal of the content security policy, a request to another host) fails the test
at its end. A wait that ran out is tried once more: see docs/decisions/0012.
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from portal.kernel.models import User
from tests import cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the test
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# The same engine without windows, and faster for it; it refuses notifications.
SHELL = os.environ.get("CHROMIUM_SHELL", "/usr/bin/chromium-headless-shell")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EXPECTED = "the server responded with a status of 4"  # a 404 or 422 is an answer, not a fault
SKIPPED = "Transition was"  # a page left before its transition had begun: nobody misses it
AXE = Path(settings.ROOT) / "static" / "vendor" / "axe" / "axe.min.js"

# Preloading fetches style sheets and media again, for rules that are off by default.
# Once nothing moves any more: text that is fading in has less contrast than it will have.
LOOK = """async () => {
    const ends = (one) => one.effect.getComputedTiming().endTime < Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
    return axe.run(document, {resultTypes: ['violations'], preload: false});
}"""

WAITS = [r"^TimeoutError: .*Timeout \d+ms", "^AssertionError: (Locator|Page) expected"]
HERE = Path(__file__).parent
expect.set_options(timeout=20_000)  # Playwright's five seconds are short where three tests share two cores

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=WAITS))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=SHELL, args=QUIET)
        yield browser
        browser.close()


class Answering:
    """Requests that the live server is working on, in threads of its own."""

    def __init__(self) -> None:
        self.count, self.changed = 0, threading.Condition()
        request_started.connect(self.begin)
        request_finished.connect(self.end)

    def begin(self, **_told: Any) -> None:
        self._add(1)

    def end(self, **_told: Any) -> None:
        self._add(-1)

    def _add(self, number: int) -> None:
        if threading.current_thread() is not threading.main_thread():  # there the tests' own clients ask
            with self.changed:
                self.count += number
                self.changed.notify_all()

    def wait(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.count <= 0, timeout=10)


@pytest.fixture(scope="session")
def answering() -> Answering:
    return Answering()


@pytest.fixture(autouse=True)
def nothing_is_left_running(transactional_db: None, answering: Answering) -> Iterator[None]:
    """A page that is closed leaves requests behind: they end before the tables are emptied under them."""
    yield
    answering.wait()


@dataclass
class Visits:
    """The browser windows of one test and what went wrong in them."""

    browser: Browser
    host: str
    expected: list[str]
    script: Path | None  # comes with every page: that costs a tenth of sending it to one that is there
    windows: dict[str, BrowserContext] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def window(self, user: User | None, cookies: dict[str, str], **options: Any) -> BrowserContext:
        key = repr((user and user.pk, cookies, options))
        if key not in self.windows:
            window = self.browser.new_context(base_url=self.host, **options)
            if user:
                cookies = cookies | {"sessionid": cast.client_of(user).cookies["sessionid"].value}
            window.add_cookies([{"name": k, "value": v, "url": self.host} for k, v in cookies.items()])
            if self.script:
                window.add_init_script(path=self.script)
            window.on("page", self.watch)
            self.windows[key] = window
        return self.windows[key]

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.fault(page, str(error)))
        page.on("console", lambda message: self.note(page, message.type, message.text))
        page.on("request", lambda request: self.stay_home(request.url))

    def fault(self, page: Page, error: str) -> None:
        if not error.startswith(SKIPPED):
            self.problems.append(f"{page.url}: {error}")

    def note(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not any(part in text for part in [EXPECTED, *self.expected]):
            self.problems.append(f"{page.url}: {text}")

    def stay_home(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(self.host).netloc:
            self.problems.append(f"a request to a third party: {url}")


@pytest.fixture
def noise() -> list[str]:
    """Parts of what the browser may complain about in this test: without a network, say."""
    return []


@pytest.fixture
def visit(
    chromium: Browser, live_server: Any, noise: list[str], request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """`visit("/nearby/", user=consumer, language="en", theme="dark", width=320)` → the page."""
    script = AXE if "violations" in request.fixturenames else None
    visits = Visits(chromium, live_server.url, noise, script)

    def open_page(
        path: str,
        *,
        user: User | None = None,
        language: str = "zh-hans",
        theme: str = "light",
        width: int = 412,
        scripts: bool = True,
        **options: Any,
    ) -> Page:
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "theme": theme}
        size = {"width": width, "height": 915 if width < 768 else 900}
        options.setdefault("service_workers", "block")  # its own tests ask for it
        window = visits.window(user, cookies, viewport=size, java_script_enabled=scripts, **options)
        page = window.new_page()
        page.goto(path)
        return page

    yield open_page
    for window in visits.windows.values():
        window.close()
    assert visits.problems == []


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """`violations(page)`: what axe finds on it, WCAG 2.2 AA and good practice, one line each."""

    def run(page: Page) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(LOOK)
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return run
