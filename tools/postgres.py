"""A private PostgreSQL with PostGIS: its own folder, its own socket, no TCP port, no system cluster touched.

`Cluster(folder)` is all that ./dev and the tests that restart or kill a database need.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import footing, processes
from tools.say import Stop

PORT = 5432  # only names the socket file
ROLES = ("postgres", "portal_owner", "portal_web")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Commits still reach the operating system, so that a killed server loses nothing; only a power cut may.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}


class Cluster:
    """One server; `fast` is for data that may be lost, `settings` go over everything in postgresql.conf."""

    def __init__(self, folder: Path, *, fast: bool = False, settings: dict[str, str] | None = None) -> None:
        self.folder, self.fast, self.settings = folder.resolve(), fast, settings or {}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.home, self.user = footing.home_of(self.folder)
        self.data, self.log = self.home / "data", self.home / "postgresql.log"
        self.sockets = footing.socket_folder(self.home / "run")

    def start(self) -> None:
        """Make it if it isn't there, start it if it isn't running; safe to call from two shells at once."""
        with self._alone():
            if self.alive():
                return
            self._clear_after_crash()
            if not self._ready.exists():
                self._create()
            self._configure()
            self._launch()
            if not self._ready.exists():
                self._psql("postgres", "-f", str(Path(__file__).with_name("roles.sql")))
                self._ready.touch()

    def stop(self, *, immediate: bool = False) -> None:
        """Close every connection and end; `immediate` leaves as a crash would, to be recovered from."""
        self._signal_postmaster(signal.SIGQUIT if immediate else signal.SIGINT)
        if not processes.wait_until(lambda: not self._living(), seconds=60):
            raise Stop(f"PostgreSQL in {self.data} would not stop: {self._living()}")

    def restart(self, *, immediate: bool = False) -> None:
        self.stop(immediate=immediate)
        self.start()

    def kill(self) -> None:
        """As the out-of-memory killer would: everything at once, nothing tidied up."""
        processes.send(self._living(), signal.SIGKILL)
        if not processes.wait_until(lambda: not self._living(), seconds=10):
            raise Stop(f"PostgreSQL in {self.data} survived being killed: {self._living()}")

    def destroy(self) -> None:
        """End it and remove all of its data."""
        self.kill()
        for folder in (self.home, self.sockets):
            shutil.rmtree(folder, ignore_errors=True)

    def alive(self) -> bool:
        """Whether it takes connections; asked on our own socket, where nobody else's server can answer."""
        if not self.data.exists():
            return False
        question = ["pg_isready", "-q", *self._address("postgres"), "-d", "postgres", "-t", "5"]
        return self._run(*question, user=footing.me()).returncode == 0

    def url(self, role: str = "portal_web", database: str = "portal") -> str:
        """The address as DATABASE_URL wants it; the folder's name needs no quoting (see tools.footing)."""
        return f"postgis://{role}@:{PORT}/{self.sockets}/{database}"

    def query(self, sql: str, *, database: str = "postgres") -> str:
        """What the superuser gets for this statement, unadorned: one line per row, columns between bars."""
        return self._psql(database, "-c", sql).strip()

    def has_database(self, name: str) -> bool:
        return self.query(f"select 1 from pg_database where datname = '{name}'") == "1"

    def create_database(self, name: str) -> None:
        """An empty one with the extensions, owned by the migrating role."""
        self.query(f'create database "{name}" owner portal_owner template portal_template')

    def drop_database(self, name: str) -> None:
        self.query(f'drop database if exists "{name}" with (force)')

    @property
    def _ready(self) -> Path:
        return self.data / "street-corner-ready"

    def _living(self) -> list[int]:
        return processes.living_in(self.data)

    def _signal_postmaster(self, number: signal.Signals) -> None:
        # The number in the file may name a stranger by now, or a zombie: only one who lives here is meant.
        pid_file, living = self.data / "postmaster.pid", self._living()
        if pid_file.exists() and (pid := int(pid_file.read_text().split()[0])) in living:
            processes.send([pid], number)

    def _clear_after_crash(self) -> None:
        """Remove what a killed server left: PostgreSQL won't start where a stale number happens to be in use.

        Only when nobody lives in the data folder: the same file keeps two servers off one folder.
        """
        if not processes.wait_until(lambda: not self._living() or self.alive(), seconds=30):
            raise Stop(
                f"Processes {self._living()} hold {self.data} but don't answer; end them, then try again."
            )
        if not self._living():
            for left in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
                left.unlink(missing_ok=True)

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # half made by an interrupted first run
        self._own(self.home)
        sync = ["--no-sync"] if self.fast else []
        self._must(
            *("initdb", "-D", str(self.data), "-U", "postgres", "--auth=peer", "--encoding=UTF8"),
            *("--locale=C.UTF-8", "--data-checksums", "--no-instructions", *sync),
        )
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write("include_if_exists = 'street-corner.conf'\n")
        (self.home / "belongs-to").write_text(str(self.folder))
        if self.fast:
            (self.home / "disposable").touch()

    def _configure(self) -> None:
        """Written at every start, so that a moved checkout or a new setting just works."""
        self._own(self.sockets)
        chosen = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.sockets),
            "max_connections": "120",
            "shared_buffers": f"{256 if self.fast else _eighth_of_memory()}MB",
            "random_page_cost": "1.1",
            "jit": "off",
            "max_wal_size": "4GB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_lock_waits": "on",
            "log_min_duration_statement": "500ms",
            **(THROW_AWAY if self.fast else DURABLE),
            **self.settings,
        }
        lines = [f"{name} = '{value}'" for name, value in chosen.items()]
        self._write("street-corner.conf", lines)
        # The operating system says who somebody is; only we, and whom sudo ran us for, may take a role.
        people = sorted({footing.me(), self.user, os.environ.get("SUDO_USER") or footing.me()})
        self._write("pg_hba.conf", ["local all all peer map=portal"])
        self._write("pg_ident.conf", [f"portal {person} {role}" for person in people for role in ROLES])

    def _launch(self) -> None:
        done = self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "120", "-s", "start"
        )
        if done.returncode:
            tail = (
                self.log.read_text(errors="replace").splitlines()[-10:]
                if self.log.exists()
                else [done.stderr]
            )
            raise Stop("\n".join(["PostgreSQL did not start:", *tail]))

    def _write(self, name: str, lines: list[str]) -> None:
        file = self.data / name
        file.write_text("\n".join(lines) + "\n")
        file.chmod(0o600)
        os.chown(file, self.data.stat().st_uid, self.data.stat().st_gid)

    def _own(self, folder: Path) -> None:
        """A folder that belongs to the server's user; its mode is the door for everybody else."""
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        account = pwd.getpwnam(self.user)
        if os.geteuid() == 0:
            os.chown(folder, account.pw_uid, 0)
        if folder.stat().st_uid != account.pw_uid:
            raise Stop(f"{folder} belongs to somebody else; run ./dev as its owner or remove it.")

    def _address(self, role: str) -> list[str]:
        return ["-h", str(self.sockets), "-p", str(PORT), "-U", role]

    def _psql(self, database: str, *arguments: str) -> str:
        address = self._address("postgres")
        plain = ["-d", database, "-XqAt", "-v", "ON_ERROR_STOP=1"]
        return self._must("psql", *address, *plain, *arguments, user=footing.me())

    def _must(self, program: str, *arguments: str, user: str | None = None) -> str:
        done = self._run(program, *arguments, user=user)
        if done.returncode:
            raise Stop(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def _run(
        self, program: str, *arguments: str, user: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run one of PostgreSQL's programs, from a folder that anybody can enter."""
        command = [str(_programs(self.data) / program), *arguments]
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/"}
        # Files, not pipes: a server started here keeps its streams open, and a pipe would never end.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            done = subprocess.run(
                command,
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                **footing.identity(user or self.user),
            )
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time; the lock isn't inherited by the servers started under it."""
        with (self.folder / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def temporary(**settings: str) -> Iterator[Cluster]:
    """A running cluster that is gone afterwards, for tests that hurt one."""
    folder = Path(tempfile.mkdtemp(prefix="street-corner-"))
    folder.chmod(0o755)
    cluster = Cluster(folder, fast=True, settings=settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.destroy()
        shutil.rmtree(folder)


def _programs(data: Path) -> Path:
    """The server's programs: of the version that made the data, else the newest that has PostGIS."""
    made_by = data / "PG_VERSION"
    version = made_by.read_text().strip() if made_by.exists() else "*"
    found = [
        control.parts[-3]
        for control in Path("/usr/share/postgresql").glob(f"{version}/extension/postgis.control")
        if Path(f"/usr/lib/postgresql/{control.parts[-3]}/bin/postgres").exists()
    ]
    if not found:
        raise Stop(f"No PostgreSQL {version if version != '*' else ''} with PostGIS is installed.")
    return Path(f"/usr/lib/postgresql/{max(found, key=int)}/bin")


def _eighth_of_memory() -> int:
    """Megabytes for the shared buffers: an eighth of the machine, between 128 and 1,024."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(max(total // 8, 128), 1024)
