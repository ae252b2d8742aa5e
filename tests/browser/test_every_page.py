"""Every page of ours, found by the routes and not by a list: axe finds nothing, and it fits the screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.kernel.models import User
from tests import routes_values
from tests.kernel.test_routes import OURS, path_of
from tests.routes_values import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NO_PAGE = re.compile(
    r"(\.(webmanifest|geojson|js|webp|ico|xml|txt|jpg|pdf|csv|xlsx)|healthz|readyz|offline/key/|/files?/(\w+/)?)$"
)
routes_values.load()


def visitor_of(name: str, path: str, world: World) -> User | None:
    """Whoever the page is made for: the owner, the consumer, or nobody in particular."""
    if path.startswith("/m/"):
        return world.owner
    return (
        world.consumer
        if path.startswith("/me/")
        or name in ("complaints:report", "merchants:claim", "consumers:write_message")
        else None
    )


def pages(world: World) -> list[tuple[str, User | None]]:
    found = []
    for route in OURS:
        if "GET" in (route.access or {}):
            path = path_of(route, world)
            if not NO_PAGE.search(path):
                found.append((path, visitor_of(route.name, path, world)))
    return found


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("zh-hans", "dark", 320), ("en", "light", 1280)], ids=["phone", "desk"]
)
def test_every_page_is_accessible_and_fits_the_screen(
    visit: Callable[..., Page],
    violations: Callable[[Page], list[str]],
    language: str,
    theme: str,
    width: int,
) -> None:
    faults: dict[str, list[str]] = {}
    windows: dict[User | None, Page] = {}  # a new one for every page would take most of the time
    seen = 0
    for path, user in pages(World()):
        if page := windows.get(user):
            page.goto(path)
        else:
            page = windows[user] = visit(path, user=user, language=language, theme=theme, width=width)
        if page.locator("main").count():  # not a file
            found = violations(page)
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{wider} pixels wider than the screen"] if wider > 0 else []
            seen += 1
            if found:
                faults[path] = found
    assert faults == {}
    assert seen >= 40
