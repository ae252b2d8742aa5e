"""Starting a real process on the test database, and killing it the hard way."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection


def start_worker(task: str) -> subprocess.Popen[bytes]:
    name = connection.settings_dict
    url = (
        f"postgis://{name['USER']}:{name['PASSWORD']}@{'' if name['HOST'].startswith('/') else name['HOST']}"
    )
    url += f":{name['PORT']}" if name["PORT"] and not name["HOST"].startswith("/") else ""
    url += f"/{name['NAME']}" + (f"?host={name['HOST']}" if name["HOST"].startswith("/") else "")
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(settings.ROOT)}
    if name["PORT"]:
        environment["PGPORT"] = str(name["PORT"])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.worker", task], env=environment, cwd=settings.ROOT
    )


def wait_for(file: Path, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not file.exists():
        assert process.poll() is None, f"the worker ended with {process.returncode}"
        assert time.monotonic() < until, "the worker never began"
        time.sleep(0.05)
