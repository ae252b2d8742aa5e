"""Every route, method and kind of person: what the policy says is what happens, and nothing else changes."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.kernel.access import Policy, Route, routes, signed_in
from tests import routes_values
from tests.routes_values import World
from tests.undoing import of_the_test, undone

TEAM = ("cashier", "manager", "owner")
WITH_HTMX = ("anonymous", "owner")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Sessions, limits, who did nothing, and who was turned away.
UNCOUNTED = "django_session|kernel_allowance|pghistory|complaints_casetry"
WRITES = re.compile(rf'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+(?!"?({UNCOUNTED}))', re.I)
routes_values.load()
pytestmark = pytest.mark.django_db


def admitted(policy: Policy) -> set[str]:
    """Whom the policy lets in, by its name; a policy that this test doesn't know fails it."""
    everybody = {"anonymous", "owner", "manager", "cashier", "removed", "consumer", "stranger"}
    known: dict[str, set[str]] = {
        "anyone": everybody,
        "signed in": everybody - {"anonymous"},
        "cashier of the merchant": {"cashier", "manager", "owner"},
        "manager of the merchant": {"manager", "owner"},
        "owner of the merchant": {"owner"},
    }
    if policy.name.startswith("staff "):
        return set()
    return known[policy.name]


def guards_itself(route: Route) -> bool:
    return any(policy.name == "its own guard" for policy in (route.access or {}).values())


ALL = routes()
OURS = [route for route in ALL if not guards_itself(route)]
THEIRS = [route for route in ALL if guards_itself(route)]


def path_of(route: Route, world: World) -> str:
    name = route.name if not route.name.endswith(":") else ""
    values = world.values_of(route)
    if name:
        return reverse(name, kwargs=values)
    for parameter, value in values.items():
        route_path = re.sub(rf"<(\w+:)?{parameter}>", str(value), route.path)
        route = Route(route_path, "", route.view)
    return route.path


def send(client: Client, method: str, path: str, data: dict[str, Any], htmx: bool) -> Any:
    headers = {"HX-Request": "true", "HX-Target": "x"} if htmx else {}
    body = data if method == "POST" else {}
    kwargs: dict[str, Any] = {"headers": headers}
    if body or method == "POST":
        kwargs["data"] = body
    return (
        client.generic(method, path, headers=headers)
        if method not in ("GET", "POST", "HEAD")
        else getattr(client, method.lower())(path, **kwargs)
    )


def changed(queries: CaptureQueriesContext) -> list[str]:
    return [q["sql"][:120] for q in queries.captured_queries if WRITES.match(q["sql"])]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One town for all routes: each request is undone, so nobody finds what another left."""
    with django_db_blocker.unblock(), of_the_test():
        world = World()
        for browser in world.browsers.values():
            browser.raise_request_exception = False
        for route in ALL:  # made here, for what a test makes is undone when it ends
            with suppress(KeyError):  # the route's own test says which value is missing
                world.values_of(route)
        yield world
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("route", OURS, ids=lambda r: r.name or r.path)
def test_the_policy_is_what_happens(route: Route, world: World) -> None:
    path = path_of(route, world)
    assert route.access, f"{route.path} declares nothing"
    data = routes_values.posts[route.name](world) if route.name in routes_values.posts else {}
    for name in world.browsers:
        for method in METHODS if name == "anonymous" else ("GET", "POST"):
            for htmx in (False, True) if method in route.access and name in WITH_HTMX else (False,):
                with undone(), CaptureQueriesContext(connection) as queries:
                    answer = send(world.browsers[name], method, path, data, htmx)
                told = f"{method} {path} by {name}{' (HTMX)' if htmx else ''}: {answer.status_code}"
                assert answer.status_code < 500, told
                policy = route.access.get(method)
                if method == "POST" and name == "anonymous" and route.name in routes_values.asks_to_sign_in:
                    policy = signed_in
                judge(policy, name, answer, changed(queries), told)


def judge(policy: Policy | None, name: str, answer: Any, written: list[str], told: str) -> None:
    if policy is None:
        assert answer.status_code == 405, told
    elif name in admitted(policy):
        assert answer.status_code != 405, told
        assert not leads_to_sign_in(answer), told
        return
    elif name == "anonymous":
        assert leads_to_sign_in(answer), told
    elif name in TEAM and policy.name.endswith("of the merchant"):
        assert answer.status_code == 403, told  # a locked page that says whom to ask
    else:
        assert answer.status_code == 404, told
    assert not written, f"{told} wrote {written}"


def leads_to_sign_in(answer: Any) -> bool:
    where = answer.headers.get("HX-Redirect") if answer.status_code == 204 else answer.headers.get("Location")
    return bool(where and where.startswith("/accounts/login/?next="))


@pytest.mark.parametrize("route", OURS, ids=lambda r: r.name or r.path)
def test_who_is_admitted_gets_the_page(route: Route, world: World) -> None:
    """A 404 for everybody would pass the test above."""
    policy = (route.access or {}).get("GET")
    if policy is None or policy.name.startswith("staff "):
        return
    path = path_of(route, world)
    welcome = routes_values.open_to.get(route.name, admitted(policy))
    for name in admitted(policy):
        with undone():
            status = world.browsers[name].get(path + routes_values.queries.get(route.name, "")).status_code
        assert (status in (200, 204, 302)) is (name in welcome), f"{path} by {name}: {status}"


@pytest.mark.parametrize("route", THEIRS, ids=lambda r: r.name or r.path)
def test_pages_with_a_guard_of_their_own_keep_strangers_out(route: Route, world: World) -> None:
    path = path_of(route, world)
    for name in ("anonymous", "consumer"):
        for method in ("GET", "POST"):
            with undone(), CaptureQueriesContext(connection) as queries:
                answer = send(world.browsers[name], method, path, {}, htmx=False)
            told = f"{method} {path} by {name}: {answer.status_code} {changed(queries)}"
            assert answer.status_code < 500, told
            if route.path.startswith("/staff/"):
                assert answer.status_code == (302 if name == "anonymous" else 404), told
                assert not changed(queries), told


def test_every_route_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("routes", "--json")
    listed = capsys.readouterr().out
    assert '"path": "/healthz"' in listed
    assert "UNDECLARED" not in listed
