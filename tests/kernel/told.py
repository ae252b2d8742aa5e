"""Events and jobs that only tests know, also for worker processes that a test starts and kills."""

import time
from dataclasses import dataclass
from pathlib import Path

from portal.kernel.events import Event, subscribe
from portal.kernel.jobs import Running, job_kind
from portal.kernel.refused import Refused


@dataclass(frozen=True, kw_only=True)
class KettleBoiled(Event):
    kettle: int
    file: str = ""


heard: list[int] = []
faults: list[Exception] = []


@subscribe(KettleBoiled)
def make_tea(event: KettleBoiled) -> None:
    if faults:
        raise faults[0]
    heard.append(event.kettle)
    if event.file:
        Path(event.file).write_text("begun")
        time.sleep(float("inf"))


@job_kind("test.count")
def count(running: Running) -> None:
    for number in range(1, 6):
        running.progress(number, 5)
    running.save_result("numbers.txt", b"1 2 3 4 5")
    running.finish_with(note="counted")


@job_kind("test.slow")
def slow(running: Running) -> None:
    """Begins where the run before it was killed, and says so."""
    marker = Path(running.params["marker"])
    first = not marker.exists()
    marker.write_text("begun")
    running.progress(1, 3)
    while first:
        time.sleep(0.05)
    running.progress(3, 3)


@job_kind("test.broken")
def broken(running: Running) -> None:
    raise ZeroDivisionError("phone 13812345678")


@job_kind("test.refused")
def refused(running: Running) -> None:
    raise Refused("No phone column found. Pick one below")


@job_kind("test.rows")
def rows(running: Running) -> None:
    running.progress(3, 3, failed_rows=2)
    running.finish_with(failed_rows=2)
