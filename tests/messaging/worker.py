"""A real Celery worker, as the Procfile starts it, beside the test and on its database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from celery import Celery
from django.conf import settings
from django.db import connection

from tools.redis import Server


def database_url() -> str:
    found = connection.settings_dict
    user = quote(found["USER"]) + (f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else "")
    if str(found["HOST"]).startswith("/"):
        port = f":{found['PORT']}" if found["PORT"] else ""
        return f"postgis://{user}@{port}/{found['NAME']}?host={found['HOST']}"
    return f"postgis://{user}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


def of_this_test() -> dict[str, str]:
    """What a process beside the test is told: the test's database, and its keys."""
    return {
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "BLIND_INDEX_KEY": settings.BLIND_INDEX_KEY,
        "PORTAL_ENV": "test",
    }


class Worker:
    """``kill`` takes the parent and all its children at once, as a power cut would."""

    def __init__(self, redis: Server, **env: str) -> None:
        self.redis = redis
        self.env = os.environ | env | of_this_test() | {"REDIS_URL": redis.url()}
        self.process: subprocess.Popen[bytes] | None = None
        self.broker = Celery(
            broker=redis.url().replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
        )

    def start(self) -> None:
        line = (
            "-W ignore -m celery --quiet -A portal.celery worker --queues urgent,default,bulk --concurrency 2"
            " --loglevel warning --without-gossip --without-mingle -I tests.messaging.makers"
        )
        self.process = subprocess.Popen([sys.executable, *line.split()], env=self.env, start_new_session=True)

    def kill(self) -> None:
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill_a_child(self) -> None:
        """One of the processes that do the work; the parent starts another in its place."""
        assert self.process
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        os.kill(int(listing.split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        if self.process:
            self.kill()

    def tick(self) -> None:
        """What beat does every five seconds."""
        self.broker.send_task("messaging.tasks.send_due", queue="urgent", expires=5, ignore_result=True)

    def work_until(self, done: Callable[[], Any], *, seconds: float, pause: float = 0.05) -> bool:
        """Tick once a second until it is done; False when it isn't in time."""
        end, next_tick = time.monotonic() + seconds, 0.0
        while time.monotonic() < end:
            if done():
                return True
            if time.monotonic() >= next_tick:
                self.tick()
                next_tick = time.monotonic() + 1
            time.sleep(pause)
        return bool(done())
