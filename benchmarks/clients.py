"""Several clients at once, each a process with a connection of its own, counted over a stretch of time."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, connections

Deed = Callable[[], Any]
#: Called in the client's own process with its number; gives back what it does again and again.
Maker = Callable[[int], Deed]


@dataclass(frozen=True)
class Figure:
    """Medians of the rounds."""

    per_second: float
    middle_ms: float
    slow_ms: float  # of 100, 95 were faster


@contextmanager
def fresh_database() -> Iterator[None]:
    """A database of its own, a copy of the migrated and empty one, gone afterwards."""
    was = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"] |= {"NAME": f"bench_{was}", "TEMPLATE": was}
    connection.close()  # PostgreSQL copies only what nobody has open
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(was, verbosity=0)


def bare_connection() -> psycopg.Connection[Any]:
    """psycopg alone, to the same database as Django's; each statement commits unless told otherwise."""
    facts = connection.settings_dict
    given = {
        "host": facts["HOST"],
        "port": facts["PORT"],
        "user": facts["USER"],
        "password": facts["PASSWORD"],
    }
    return psycopg.connect(
        dbname=facts["NAME"], autocommit=True, prepare_threshold=None, **{k: v for k, v in given.items() if v}
    )


def measure(make: Maker, *, clients: int, seconds: float, rounds: int) -> Figure:
    figures = [_round(make, clients, seconds, turn) for turn in range(rounds)]
    return Figure(*(statistics.median(values) for values in zip(*figures, strict=True)))


def _round(make: Maker, clients: int, seconds: float, turn: int) -> tuple[float, float, float]:
    connections.close_all()  # a forked child must not share its parent's
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(clients), context.Queue()
    crowd = [
        context.Process(target=_client, args=(make, turn * clients + number, start, seconds, results))
        for number in range(clients)
    ]
    for one in crowd:
        one.start()
    times = sorted(took for _ in crowd for took in results.get(timeout=seconds + 60))
    for one in crowd:
        one.join()
    return len(times) / seconds, times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000


def _client(make: Maker, number: int, start: Any, seconds: float, results: Any) -> None:
    deed = make(number)
    deed()  # the first query of a connection is another thing
    start.wait()
    times, end = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        deed()
        times.append(time.perf_counter() - began)
    results.put(times)
    connections.close_all()
