"""The whole portal as real processes on private servers: what the chaos tests hurt.

The web signs in to the database as ``portal_web``, as in production; its town is a small demo.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from tools.postgres import Cluster
from tools.postgres import temporary as temporary_cluster
from tools.processes import wait_until
from tools.redis import Server
from tools.redis import temporary as temporary_redis

ROOT = Path(__file__).resolve().parents[2]
SESSIONS = """
import json
from django.test import Client
from portal.home.demo.persons import parts_in_place
told = {}
for role, user in parts_in_place().items():
    client = Client()
    client.force_login(user, backend="portal.home.accounts.backends.PortalBackend")
    told[role] = client.cookies["sessionid"].value
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Answer:
    """What came back: ``status`` 0 when the connection broke before an answer."""

    status: int
    body: str = ""
    location: str = ""


@dataclass
class Person:
    """Somebody with a session, who sends forms as a browser does."""

    port: int
    session: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self._send("GET", path)

    def post(self, path: str, form: dict[str, Any]) -> Answer:
        """``form`` without its CSRF field: the token is the cookie's own, as the page would carry it."""
        token = self.cookies.setdefault("csrftoken", "a" * 32)
        return self._send("POST", path, urlencode(form | {"csrfmiddlewaretoken": token}))

    def _send(self, method: str, path: str, body: str | None = None) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookies = self.cookies | {"sessionid": self.session, "language": "en"}
        headers = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            return Answer(
                response.status,
                response.read().decode(errors="replace"),
                response.headers.get("Location", ""),
            )
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            line.close()


class Stack:
    def __init__(self, cluster: Cluster, redis: Server, folder: Path) -> None:
        self.cluster, self.redis = cluster, redis
        self.port = _free_port()
        self.env = os.environ | {
            "PORTAL_ENV": "test",
            "PORTAL_DEMO": "1",
            "DATABASE_URL": cluster.url("portal_web"),
            "REDIS_URL": redis.url(),
            "SITE_URL": f"http://localhost:{self.port}",
            "ALLOWED_HOSTS": "localhost",
            "MEDIA_ROOT": str(folder),
            "BIND": f"127.0.0.1:{self.port}",
            "STATEMENT_TIMEOUT_MS": "5000",
            "DATABASE_POOL": "1",
        }
        self.processes: list[tuple[str, subprocess.Popen[bytes]]] = []

    def prepare(self) -> None:
        self.cluster.create_database("portal")
        self._copy_tables()
        self.manage("migrate", "--no-input", owner=True)
        self.manage("seed_demo", "--merchants", "3", "--consumers", "16", "--days", "4")
        self.sessions: dict[str, str] = json.loads(
            self.manage("shell", "-v0", "-c", SESSIONS).splitlines()[-1]
        )
        self.town: dict[str, Any] = json.loads(self.manage("seed_demo", "--json"))

    def _copy_tables(self) -> None:
        """What the tests' own database began as: copied in seconds, where migrating takes a minute."""
        there = settings.DATABASES["default"]
        begun_as = [there["USER"], there["TEST"]["TEMPLATE"]]
        dump = ["pg_dump", "-h", there["HOST"], "-p", str(there["PORT"]), "--no-comments", "-U", *begun_as]
        here = ["-h", str(self.cluster.sockets), "-U", "postgres", "portal"]
        fill = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", *here]
        tables = subprocess.run(dump, capture_output=True, check=True).stdout
        subprocess.run(fill, input=tables, stdout=subprocess.DEVNULL, check=True)

    def manage(self, *arguments: str, owner: bool = False) -> str:
        env = self.env | ({"DATABASE_URL": self.cluster.url("portal_owner")} if owner else {})
        command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *names: str) -> None:
        """Start those processes of the Procfile that don't run yet, and wait until the web answers."""
        lines = dict(re.findall(r"^(\w+): (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE))
        there = {name for name, process in self.processes if process.poll() is None}
        for name in (name for name in names if name not in there):
            command = ["bash", "-c", lines[name]]
            process = subprocess.Popen(command, cwd=ROOT, env=self.env, start_new_session=True)
            self.processes.append((name, process))
        if "web" in names:
            assert wait_until(lambda: self.person().get("/healthz").status == 200, seconds=120)

    def kill(self, *names: str) -> None:
        """Processes of these names with all their children, by the signal that nobody can catch."""
        for name, process in self.processes:
            if name in names:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes = [one for one in self.processes if one[0] not in names]

    def stop(self) -> None:
        self.kill(*{name for name, _process in self.processes})

    def person(self, role: str = "") -> Person:
        return Person(self.port, self.sessions.get(role, ""))

    def path_of(self, ability: str) -> str:
        return str(self.town["abilities"][ability]).removeprefix(self.env["SITE_URL"])

    def sql(self, query: str) -> str:
        return self.cluster.query(query, database="portal").strip()


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


@contextmanager
def standing() -> Iterator[Stack]:
    """A prepared stack with nothing running yet but its servers."""
    with temporary_cluster() as cluster, temporary_redis() as redis, tempfile.TemporaryDirectory() as folder:
        stack = Stack(cluster, redis, Path(folder))
        try:
            stack.prepare()
            yield stack
        finally:
            stack.stop()
