"""A private Redis: its own folder, its own socket, no TCP port.

`Server(folder)` is all that ./dev and the tests that stop, freeze or empty a Redis need.
"""

import fcntl
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import processes
from tools.footing import socket_folder
from tools.say import Stop


class Server:
    """One server; `fast` keeps nothing on disk."""

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.folder, self.fast = folder.resolve(), fast
        self.home = self.folder / "redis"
        self.data, self.log = self.home / "data", self.home / "redis.log"
        self.socket = socket_folder(self.home / "run") / "redis.sock"

    def start(self) -> None:
        """Start it if it isn't running; safe to call from two shells at once."""
        for folder in (self.data, self.socket.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.alive():
                return
            if living := self._living():
                raise Stop(f"Redis {living} holds {self.data} but doesn't answer; end it, then try again.")
            self.socket.unlink(missing_ok=True)
            subprocess.run(
                ["redis-server", str(self._configure())],
                cwd="/",
                stdin=subprocess.DEVNULL,
                check=True,
            )
            if not processes.wait_until(self.alive, seconds=30):
                tail = self.log.read_text(errors="replace").splitlines()[-10:] if self.log.exists() else []
                raise Stop("\n".join(["Redis did not start:", *tail]))

    def stop(self) -> None:
        """Write down what there is, and end."""
        self.thaw()
        processes.end(self._living)

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """As the out-of-memory killer would."""
        processes.send(self._living(), signal.SIGKILL)
        if not processes.wait_until(lambda: not self._living(), seconds=10):
            raise Stop(f"Redis in {self.data} survived being killed: {self._living()}")

    def freeze(self) -> None:
        """It takes connections and says nothing any more: the worst kind of broken."""
        processes.send(self._living(), signal.SIGSTOP)

    def thaw(self) -> None:
        processes.send(self._living(), signal.SIGCONT)

    def empty(self) -> None:
        """Forget everything, as a restart without data would."""
        if self._ask(b"FLUSHALL\r\n") != b"+OK\r\n":
            raise Stop(f"Redis at {self.socket} would not forget.")

    def destroy(self) -> None:
        """End it and remove all of its data."""
        self.kill()
        for folder in (self.home, self.socket.parent):
            shutil.rmtree(folder, ignore_errors=True)

    def alive(self) -> bool:
        return self._ask(b"PING\r\n") == b"+PONG\r\n"

    def url(self, database: int = 0) -> str:
        return f"unix://{self.socket}?db={database}"

    def _living(self) -> list[int]:
        return processes.living_in(self.data)

    def _ask(self, command: bytes) -> bytes:
        """The answer's first bytes, or nothing where nobody answers within a second."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(self.socket))
                line.sendall(command)
                return line.recv(100)
            except OSError:  # no socket, nobody behind it, or frozen: all of them mean "not alive"
                return b""

    def _configure(self) -> Path:
        keep = ['save ""', f"appendonly {'no' if self.fast else 'yes'}", "appendfsync everysec"]
        lines = [
            "port 0",
            f'unixsocket "{self.socket}"',
            "unixsocketperm 700",
            "daemonize yes",
            f'dir "{self.data}"',
            f'logfile "{self.log}"',
            "maxmemory-policy noeviction",
            *keep,
        ]
        conf = self.home / "redis.conf"
        conf.write_text("\n".join(lines) + "\n")
        return conf


@contextmanager
def temporary() -> Iterator[Server]:
    """A running server that is gone afterwards; for tests that hurt a Redis."""
    folder = Path(tempfile.mkdtemp(prefix="street-corner-"))
    server = Server(folder, fast=True)
    try:
        server.start()
        yield server
    finally:
        server.destroy()
        shutil.rmtree(folder)
