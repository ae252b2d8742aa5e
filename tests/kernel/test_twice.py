"""Whatever is sent twice is done once: every form of the portal, found by the routes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from portal.kernel.access import Route
from tests import routes_values
from tests.kernel.test_routes import OURS, path_of, world
from tests.loyalty.certificates import configure
from tests.routes_values import Raw, World, anew, posts, sent_by
from tests.undoing import of_the_test, undone

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


Rows = dict[str, list[Any]]


def rows_of(model: type[Model]) -> list[Any]:
    """What its table holds, sealed fields opened."""
    return list(model._base_manager.order_by("pk").values_list())


def writings() -> dict[str, int]:
    """How many rows this transaction has written in each table, also those taken back since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


class Looks:
    """What all tables hold at a moment; a table nobody has written to since isn't read again."""

    def __init__(self, town: Rows) -> None:
        self.rows, self.written = town, writings()

    def look(self) -> Rows:
        now = writings()
        read = {m._meta.label: rows_of(m) for m in tables() if self.stale(m._meta.db_table, now)}
        self.rows, self.written = self.rows | read, now
        return self.rows

    def stale(self, table: str, now: dict[str, int]) -> bool:
        return now[table] != self.written[table]


def changes(before: Rows, after: Rows) -> list[str]:
    moved = [table for table in after if after[table] is not before[table]]
    return [f"{table}: {row}" for table in moved for row in after[table] if row not in before[table]] + [
        f"{table} lost {row}" for table in moved for row in before[table] if row not in after[table]
    ]


@pytest.fixture(scope="module")
def town(world: World, django_db_blocker: Any) -> Rows:
    """The town as each test finds it, for what each does is undone."""
    with django_db_blocker.unblock():
        return {model._meta.label: rows_of(model) for model in tables()}


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
def test_what_is_sent_twice_is_done_once(route: Route, world: World, town: Rows) -> None:
    assert route.name in posts, "say in tests/<app>/routes.py what a willing person would send"
    browser, path = world.browsers[sender(route)], path_of(route, world)
    with undone():
        looks = Looks(town)
        body = posts[route.name](world)
        before = looks.look()
        first, once = send(browser, path, body), looks.look()
        second, twice = send(browser, path, body), looks.look()
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


def test_what_was_read_before_is_what_a_reading_of_everything_finds(world: World, town: Rows) -> None:
    """Else the test above would compare with what nobody holds any more."""
    fresh = {model._meta.label: rows_of(model) for model in tables()}
    assert changes(town, fresh) == []
    with undone():
        looks = Looks(town)
        world.consumer.name = "另一个名字"
        world.consumer.save()
        told = [change.split()[0] for change in changes(town, looks.look())]
    assert told == ["kernel.User:", "kernel.User"]
