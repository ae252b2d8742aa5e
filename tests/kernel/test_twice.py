"""Whatever is sent twice is done once: every form of the portal, found by the routes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from portal.kernel.access import Route
from tests import routes_values
from tests.kernel.test_routes import OURS, of_the_test, path_of, undone, world
from tests.loyalty.certificates import configure
from tests.routes_values import Raw, World, anew, posts, sent_by

assert world  # the fixture: one town for all routes
pytestmark = pytest.mark.django_db
routes_values.load()
SENT = [route for route in OURS if "POST" in (route.access or {})]
# Who did what, how often somebody tried, and which browser is whose are written anew each time.
ASIDE = ("sessions", "usersessions", "pghistory", "kernel.Allowance")


def tables() -> Iterator[type[Model]]:
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.managed and not hasattr(model, "pgh_tracked_model") and not label.startswith(ASIDE):
            yield model


def rows() -> dict[str, list[Any]]:
    """What every table holds, sealed fields opened."""
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in tables()}


def changes(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[str]:
    return [f"{table}: {row}" for table in after for row in after[table] if row not in before[table]] + [
        f"{table} lost {row}" for table in after for row in before[table] if row not in after[table]
    ]


@pytest.fixture(autouse=True)
def one_moment(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A double click: what is stamped with the time of its last saving has the same stamp."""
    if any(
        name in request.node.name for name in ("wallet_pass", ":apple_")
    ):  # off until somebody has certificates
        configure(settings, tmp_path)
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    settings.MEDIA_ROOT = tmp_path


def sender(route: Route) -> str:
    policy = (route.access or {})["POST"].name
    return sent_by.get(route.name, "owner" if policy.endswith("of the merchant") else "consumer")


@pytest.mark.parametrize("route", SENT, ids=lambda r: r.name or r.path)
def test_what_is_sent_twice_is_done_once(route: Route, world: World) -> None:
    assert route.name in posts, "say in tests/<app>/routes.py what a willing person would send"
    browser, path = world.browsers[sender(route)], path_of(route, world)
    with undone():
        body = posts[route.name](world)
        before = rows()
        first, once = send(browser, path, body), rows()
        second, twice = send(browser, path, body), rows()
    assert first < 400 and second < 500, f"{path}: {first}, then {second}"
    if route.name not in anew:
        assert changes(before, once), "the first time did nothing: the test would prove nothing"
        assert changes(once, twice) == []


def send(browser: Any, path: str, body: dict[str, Any]) -> int:
    for sent in body.values():
        if hasattr(sent, "seek"):
            sent.seek(0)
    with of_the_test():
        if isinstance(body, Raw):
            asked: Any = {"content_type": "application/json", "headers": body.headers}
            return int(browser.post(path, body.content, **asked).status_code)
        return int(browser.post(path, body).status_code)
