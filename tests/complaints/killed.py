"""A worker that reads the mailbox, as a process of its own to be killed; and a gate on its way there."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from tests.complaints.mail_servers import ADDRESS, PASSWORD, USER
from tests.messaging.worker import of_this_test

READS = "import django; django.setup(); from complaints.tasks import fetch_mail; fetch_mail()"
LONGEST = 120  # seconds that anything is waited for before the test gives up


class Reader:
    """One round of the worker's task, with the database of the test."""

    def __init__(self, port: int, **env: str) -> None:
        mailbox = {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "none", "USER": USER, "PASSWORD": PASSWORD}
        told = {f"MAILBOX_{name}": value for name, value in mailbox.items()} | {"MAILBOX_ADDRESS": ADDRESS}
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", READS],
            env=os.environ | of_this_test() | told | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | env,
        )

    def until(self, done: Callable[[], Any]) -> None:
        """Go on when it is so; a reader that ended before never came there."""
        end = time.monotonic() + LONGEST
        while not done():
            assert self.process.poll() is None, f"it ended by itself: {self.process.returncode}"
            assert time.monotonic() < end, "it never came there"
            time.sleep(0.02)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        assert self.process.wait() == -signal.SIGKILL


def somebody_waits_for_a_lock() -> bool:
    """In the database of the test. Locks are seen as they are now, also from inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks waits JOIN pg_locks here USING (pid) JOIN pg_database d"
            " ON d.oid = here.database WHERE NOT waits.granted AND d.datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


class Gate:
    """Lets everything through to the server until the word comes by, which never arrives there."""

    def __init__(self, port: int, word: bytes) -> None:
        self.server, self.word, self.reached = port, word, threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def __enter__(self) -> "Gate":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.listening.close()

    def _serve(self) -> None:
        here, _address = self.listening.accept()
        there = socket.create_connection(("127.0.0.1", self.server))
        threading.Thread(target=self._back, args=(there, here), daemon=True).start()
        with here, there:
            while sent := here.recv(65536):
                if self.word in sent:
                    self.reached.set()
                elif not self.reached.is_set():
                    there.sendall(sent)

    def _back(self, there: socket.socket, here: socket.socket) -> None:
        try:
            while sent := there.recv(65536):
                here.sendall(sent)
        except OSError:
            return  # the reader was killed, which is what the gate is for
