"""Manifest, service worker script, the page for no network."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from portal.home.web import pwa
from portal.kernel.models import User
from tests import cast
from tests.cast import client_of

SHELL_BYTES = 60 * 1024


def config(client: Client) -> dict[str, object]:
    script = client.get("/sw.js").content.decode()
    read: dict[str, object] = json.loads(script.partition("const CONFIG = ")[2].partition(";\n")[0])
    return read


def test_the_worker_may_serve_every_page_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"


def test_everything_in_the_shell_is_there(client: Client, db: None) -> None:
    shell = config(client)["shell"]
    assert isinstance(shell, list)
    assert "/offline/" in shell
    for address in shell:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address
        else:
            assert client.get(address).status_code == 200


def test_the_shell_is_small() -> None:
    names = {address.removeprefix("/static/") for address in pwa.shell() if address.startswith("/static/")}
    sizes = {name: len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in names}
    assert sum(sizes.values()) <= SHELL_BYTES, sizes


def test_the_script_of_the_pages_is_kept_with_all_it_imports() -> None:
    """A page that came from here without one of its modules would be dead."""
    for name in pwa.scripts():
        imports = re.findall(r'(?:from|import) "\./([\w./-]+)"', Path(str(finders.find(name))).read_text())
        assert {f"js/{one}" for one in imports} <= set(pwa.scripts()), name


def test_a_changed_file_makes_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pwa.worker()
    monkeypatch.setattr(pwa, "_source", lambda: "// another\n")
    assert pwa.worker().split('"version": ')[1][:14] != before.split('"version": ')[1][:14]


def test_the_offline_page_says_nothing_of_the_person(consumer: User) -> None:
    def page(client: Client) -> str:
        html = client.get("/offline/").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)

    assert page(client_of(consumer)) == page(client_of())
    assert "/me/cards/" in page(client_of())


@pytest.mark.parametrize(
    ("language", "name", "lang"), [("en", "Street Corner", "en"), ("zh-hans", "街角", "zh-Hans")]
)
def test_the_manifest_speaks_the_persons_language(db: None, language: str, name: str, lang: str) -> None:
    answer = client_of(language=language).get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert (manifest["name"], manifest["lang"], manifest["display"]) == (name, lang, "standalone")
    assert [cut["url"] for cut in manifest["shortcuts"]] == ["/me/cards/", "/nearby/", "/m/"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_the_icon_that_browsers_ask_for_unasked_is_there(client: Client) -> None:
    answer = client.get("/favicon.ico")
    where = answer.headers["Location"]
    found = Path(str(finders.find(where.removeprefix("/static/"))))
    assert found.read_bytes()[:4] == b"\x00\x00\x01\x00"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_the_admin_names_its_icon(client: Client, db: None) -> None:
    owner = cast.make_user(is_staff=True, is_superuser=True)
    assert 'rel="icon"' in cast.client_of(owner).get("/staff/").content.decode()
