"""Finding processes by where they live, not by a number in a file, which may name a stranger by now."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tools.say import Stop


def living_in(folder: Path) -> list[int]:
    """Processes whose working directory is this folder; a zombie has none."""
    home = os.path.realpath(folder)
    return [pid for pid in _everybody() if _working_directory(pid) == home]


def marked(name: str, value: str) -> list[int]:
    """Processes that carry this environment variable with this value."""
    mark = f"{name}={value}".encode()
    return [pid for pid in _everybody() if pid != os.getpid() and mark in _environment(pid)]


def send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # it was quicker than we


def wait_until(happened: Callable[[], bool], *, seconds: float, pause: float = 0.05) -> bool:
    """Ask until the answer is yes; whether it was in time."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def end(find: Callable[[], list[int]], *, seconds: float = 10) -> None:
    """Ask what `find` finds to stop, then make it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        send(find(), number)
        if wait_until(lambda: not find(), seconds=seconds):
            return
    raise Stop(f"These processes would not end: {find()}")


def _everybody() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def _working_directory(pid: int) -> str | None:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:  # gone, a zombie, or somebody else's
        return None


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # gone, a zombie, or somebody else's
        return []
