"""What ./dev prepares, and what it leaves alone the second time."""

import base64
import json
import subprocess
import time
from pathlib import Path

import pytest
from py_vapid import Vapid

from tools import debian, environment, frontend, locks, place, portal, processes, stamps, up
from tools.debian import Need
from tools.say import Stop


def test_a_stamp_is_fresh_only_for_the_same_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(place, "STAMPS", tmp_path / "stamps")
    pins = tmp_path / "requirements.txt"
    pins.write_text("django==5.2")
    stamps.write("pins", stamps.digest(pins))
    assert stamps.fresh("pins", stamps.digest(pins))

    pins.write_text("django==5.3")

    assert not stamps.fresh("pins", stamps.digest(pins))


def test_a_digest_tells_where_one_part_ends():
    assert stamps.digest("ab", "c") != stamps.digest("a", "bc")


def test_keys_are_made_once_and_are_the_owners_alone(tmp_path: Path):
    file = tmp_path / "env"

    first, second = environment.kept_secrets(file), environment.kept_secrets(file)

    assert first == second
    assert file.stat().st_mode & 0o777 == 0o600
    assert first["SECRET_KEY"] != environment.kept_secrets(tmp_path / "other")["SECRET_KEY"]


def test_the_keys_have_the_shapes_that_the_settings_want(tmp_path: Path):
    keys = environment.kept_secrets(tmp_path / "env")

    name, _, key = keys["FIELD_KEYS"].partition(":")
    assert (name, len(base64.b64decode(key))) == ("k1", 32)
    assert len(base64.b64decode(keys["BLIND_INDEX_KEY"])) == 32
    assert "Authorization" in Vapid.from_string(keys["VAPID_PRIVATE_KEY"]).sign(
        {"aud": "https://push.example", "sub": "mailto:a@b.example"}
    )


def test_a_database_address_survives_the_settings(tmp_path: Path):
    import environ

    from tools.postgres import Cluster

    cluster = Cluster(tmp_path)
    read = environ.Env.db_url_config(cluster.url("portal_web", "portal"))

    assert (read["USER"], read["HOST"], read["NAME"]) == ("portal_web", str(cluster.sockets), "portal")


def test_nothing_is_installed_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(debian, "_admin", lambda *_, **__: pytest.fail("asked for root"))

    debian.install([Need("this file", __file__, "nothing")])


def test_the_newest_package_is_chosen_by_number_not_by_letter(monkeypatch: pytest.MonkeyPatch):
    listed = "postgresql-9-postgis-3\npostgresql-17-postgis-3\npostgresql-15-postgis-3-scripts\n"
    answer = subprocess.CompletedProcess([], 0, listed)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)

    assert debian._available(debian.RUNTIME[0]) == "postgresql-17-postgis-3"


def test_front_end_files_are_the_named_ones_without_source_maps(tmp_path: Path):
    for source in frontend.FILES.values():
        file = tmp_path / "node_modules" / source
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("var BarcodeDetectionAPI = {};\n//# sourceMappingURL=it.js.map\n")
    (tmp_path / "node_modules/leaflet/dist/leaflet-src.js").write_text("not asked for")

    frontend.copy(tmp_path / "node_modules", tmp_path / "vendor")

    copied = {str(file.relative_to(tmp_path / "vendor")) for file in tmp_path.glob("vendor/**/*.*")}
    assert copied == set(frontend.FILES)
    assert "sourceMappingURL" not in (tmp_path / "vendor/leaflet/leaflet.js").read_text()
    assert (
        "export const { BarcodeDetector"
        in (tmp_path / "vendor/barcode-detector/barcode-detector.js").read_text()
    )


def test_front_end_packages_are_pinned_exactly():
    pinned = json.loads((place.ROOT / "package.json").read_text())
    locked = json.loads((place.ROOT / "package-lock.json").read_text())["packages"]

    for name, version in {**pinned["dependencies"], **pinned["devDependencies"]}.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in package for name, package in locked.items() if name)


def test_a_translation_that_does_not_compile_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(place, "ROOT", tmp_path)
    catalogue = tmp_path / "crm/locale/zh_Hans/LC_MESSAGES/django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('#, python-format\nmsgid "%(count)s visits"\nmsgstr "%(cnt)s 次"\n')

    with pytest.raises(Stop, match="crm/locale/zh_Hans"):
        portal.compile_translations()


def test_a_port_in_use_is_refused_when_asked_for_and_passed_over_when_not():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Stop, match=str(port)):
            up._free_port("127.0.0.1", port)


def test_a_lock_that_somebody_holds_is_not_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(place, "VAR", tmp_path)

    with locks.claimed("up") as first, locks.claimed("up") as second:
        assert (first, second) == (True, False)
    with locks.claimed("up") as again:
        assert again


def test_processes_are_found_by_their_mark_and_by_their_folder(tmp_path: Path):
    sleeper = subprocess.Popen(["sleep", "60"], cwd=tmp_path, env={"STREET_CORNER_UP": str(tmp_path)})
    try:
        assert processes.wait_until(lambda: processes.living_in(tmp_path) == [sleeper.pid], seconds=5)
        assert processes.marked("STREET_CORNER_UP", str(tmp_path)) == [sleeper.pid]
        assert processes.marked("STREET_CORNER_UP", "elsewhere") == []
    finally:
        sleeper.kill()
        sleeper.wait()


def test_what_ignores_a_polite_request_is_ended_all_the_same(tmp_path: Path):
    stubborn = subprocess.Popen(["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], cwd=tmp_path)
    processes.wait_until(lambda: processes.living_in(tmp_path) != [], seconds=5)
    time.sleep(0.1)  # until its trap is set

    processes.end(lambda: processes.living_in(tmp_path), seconds=0.5)

    assert stubborn.wait(5) == -9
