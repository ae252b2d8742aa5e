"""No phone, address or code of a person ever reaches a log; an error page names the request."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from hypothesis import given
from hypothesis import strategies as st

from portal import urls
from portal.kernel.access import allow, anyone
from portal.kernel.logs import JsonLine, scrub
from tests import cast
from tests.accounts.codes import last_code


@allow(GET=anyone)
def explode(request: HttpRequest) -> HttpResponse:
    person = cast.make_user(phone="+8613812345678", email="canary@example.com", name="张女士")
    raise ValueError(f"no card for {person.phone} / {person.email}")


handler500 = urls.handler500
urlpatterns = [path("explode/", explode), path("", include("portal.urls"))]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


@given(st.text(alphabet="0123456789", min_size=6, max_size=9), st.sampled_from(["", "+86 ", "86", "+86-"]))
def test_chinese_numbers_are_taken_out_however_they_are_written(tail: str, prefix: str):
    number = f"13{tail}00"[:11].ljust(11, "7")
    for written in (
        number,
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
    ):
        assert number[-8:] not in scrub(f"x {prefix}{written} y").replace(" ", "").replace("-", "")


def test_addresses_are_taken_out():
    assert scrub("to <a.b+c@example.co.uk>, again") == "to [e-mail] again" or "example" not in scrub(
        "to <a.b+c@example.co.uk>, again"
    )


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.kernel.test_logs")
def test_a_fault_of_ours_names_the_request_on_the_page_and_nobody_in_the_log(lines: io.StringIO):
    browser = Client(raise_request_exception=False)
    answer = browser.get("/explode/", headers={"X-Request-Id": "ref-12345678"})
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] == "ref-12345678"
    assert "ref-12345678" in answer.content.decode()
    logged = lines.getvalue()
    assert "ValueError" in logged
    for canary in ("13812345678", "canary@", "张女士"):
        assert canary not in logged
    told = [json.loads(line) for line in logged.splitlines()]
    assert any(line.get("request") == "ref-12345678" and "trace" in line for line in told)


@pytest.mark.django_db
def test_signing_in_logs_neither_contact_nor_code(lines: io.StringIO):
    browser = Client()
    browser.post("/accounts/login/", {"login": "138 1234 5678"})
    code = last_code("+8613812345678")
    browser.post("/accounts/login/code/confirm/", {"code": "1" + code})
    browser.post("/accounts/login/code/confirm/", {"code": code})
    browser.post("/accounts/login/", {"login": "canary@example.com", "password": "hunter2 canary"})
    logged = lines.getvalue()
    for canary in ("13812345678", "1234 5678", code, "canary"):
        assert canary not in logged


@pytest.mark.parametrize("bad", ["short", "x" * 65, "with space 12", "new\nline1234", "<script>12"])
@pytest.mark.django_db
def test_a_request_id_from_outside_is_taken_only_when_it_is_plain(client: Client, bad: str):
    assert client.get("/healthz", headers={"X-Request-Id": bad}).headers["X-Request-Id"] != bad


@pytest.mark.django_db
def test_alive_and_ready(client: Client):
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"database": "ok", "migrations_waiting": 0}


@pytest.mark.django_db
def test_not_ready_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch):
    def away(*args: object) -> None:
        raise OSError

    monkeypatch.setattr("portal.kernel.web.health.MigrationExecutor", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "unreachable"})
