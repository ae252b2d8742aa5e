"""The private database: made from nothing, on its own socket, and back after every kind of end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tools import footing, place, postgres, processes
from tools.postgres import Cluster
from tools.say import Stop


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with postgres.temporary(max_connections="40") as running:
        running.create_database("portal")
        running.query("create table kept (what text)", database="portal")
        running.query("insert into kept values ('a fact')", database="portal")
        yield running


def connect(cluster: Cluster, role: str) -> psycopg.Connection:
    return psycopg.connect(host=str(cluster.sockets), user=role, dbname="portal", autocommit=True)


def kept(cluster: Cluster) -> str:
    return cluster.query("select what from kept", database="portal")


def test_a_new_database_has_the_extensions(cluster: Cluster):
    found = cluster.query("select extname from pg_extension order by 1", database="portal").split()

    assert {"btree_gist", "pg_trgm", "postgis"} <= set(found)


def test_it_listens_on_no_port(cluster: Cluster):
    assert cluster.query("show listen_addresses") == ""


def test_settings_given_by_the_caller_hold(cluster: Cluster):
    assert cluster.query("show max_connections") == "40"


def test_the_owner_migrates_and_the_web_only_uses(cluster: Cluster):
    with connect(cluster, "portal_owner") as owner:
        owner.execute("create table shop (id int generated always as identity, name text)")
    with connect(cluster, "portal_web") as web:
        web.execute("insert into shop (name) values ('dumplings')")
        assert web.execute("select name from shop").fetchall() == [("dumplings",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="must be owner"):
            web.execute("alter table shop add column evil int")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("create table mine (id int)")


def test_neither_role_is_a_superuser_or_may_make_roles(cluster: Cluster):
    powers = cluster.query(
        "select rolname, rolsuper, rolcreaterole, rolbypassrls, rolcreatedb from pg_roles "
        "where rolname like 'portal%' order by 1"
    )

    assert powers.splitlines() == ["portal_owner|f|f|f|t", "portal_web|f|f|f|f"]


def test_the_owner_can_clone_the_template_as_the_tests_do(cluster: Cluster):
    with connect(cluster, "portal_owner") as owner:
        owner.execute("create database cloned template portal_template")

    assert cluster.query("select postgis_lib_version() > '3'", database="cloned") == "t"
    cluster.drop_database("cloned")
    assert not cluster.has_database("cloned")


@pytest.mark.parametrize("immediate", [False, True])
def test_what_was_committed_survives_a_restart(cluster: Cluster, immediate: bool):
    cluster.restart(immediate=immediate)

    assert kept(cluster) == "a fact"


def test_what_was_committed_survives_being_killed(cluster: Cluster):
    cluster.kill()
    assert not cluster.alive()

    cluster.start()

    assert kept(cluster) == "a fact"


def test_a_stale_number_that_now_names_a_stranger_does_not_keep_it_from_starting(cluster: Cluster):
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    cluster.kill()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        shutil.chown(pid_file, cluster.data.owner())

        cluster.start()

        assert kept(cluster) == "a fact"
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_starts_at_once_make_one_server(cluster: Cluster):
    cluster.stop()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: Cluster(cluster.folder, fast=True).start(), range(2)))

    assert kept(cluster) == "a fact"


def test_starting_what_runs_changes_nothing(cluster: Cluster):
    before = (cluster.data / "postmaster.pid").read_text()

    cluster.start()

    assert (cluster.data / "postmaster.pid").read_text() == before


def test_the_server_inherits_no_lock(cluster: Cluster):
    cluster.restart()

    for pid in processes.living_in(cluster.data):
        opened = {os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()}
        assert str(cluster.folder / "postgres.lock") not in opened


def test_a_first_run_that_was_cut_short_is_begun_again():
    with tempfile.TemporaryDirectory(prefix="street-corner-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder), fast=True)
        cluster.data.mkdir(parents=True)
        (cluster.data / "half").touch()
        cluster.home.chmod(0o755)
        shutil.chown(cluster.home, cluster.user)
        try:
            cluster.start()
            assert cluster.query("select 1") == "1"
        finally:
            cluster.destroy()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's user can't enter")
def test_a_checkout_that_the_server_cannot_enter_keeps_its_data_outside():
    with tempfile.TemporaryDirectory(prefix="street-corner-") as folder:  # mode 0700
        cluster = Cluster(Path(folder) / "with a space", fast=True)
        try:
            cluster.start()
            assert cluster.query("select 1") == "1"
            assert cluster.home == footing.OUTSIDE / place.key_of(cluster.folder)
        finally:
            cluster.destroy()
    assert not cluster.home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_runs_it_as_themself():
    program = (
        "import sys, pathlib; from tools.postgres import Cluster\n"
        "c = Cluster(pathlib.Path(sys.argv[1]), fast=True); c.start()\n"
        "print(c.user, c.query('select 1')); c.destroy()"
    )
    with tempfile.TemporaryDirectory(prefix="street-corner-") as folder:
        copy = Path(folder) / "tools"
        shutil.copytree(place.ROOT / "tools", copy, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.chown(folder, "nobody")
        command = ["/usr/bin/python3", "-c", program, f"{folder}/{'long' * 30}"]
        done = subprocess.run(
            command,
            cwd=folder,
            user="nobody",
            group="nogroup",
            extra_groups=[],
            capture_output=True,
            text=True,
        )

    assert (done.stdout.split(), done.stderr) == (["nobody", "1"], "")


def test_a_long_path_or_one_that_needs_quoting_gets_its_sockets_elsewhere():
    for awkward in ("/srv/" + "long/" * 20, "/srv/with a space", "/srv/街角"):
        assert len(str(footing.socket_folder(Path(awkward)))) < 60

    assert footing.socket_folder(Path("/srv/plain")) == Path("/srv/plain")


def test_a_server_that_cannot_start_says_why():
    with tempfile.TemporaryDirectory(prefix="street-corner-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder), fast=True, settings={"max_connections": "many"})
        try:
            with pytest.raises(Stop, match="max_connections"):
                cluster.start()
        finally:
            cluster.destroy()
