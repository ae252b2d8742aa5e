"""Many hands at once: real threads with connections of their own, and guards taken away to see the race."""

import importlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import connection

HANDS = 12  # connections at once; the deeds are shared out among them


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Run the deeds, the first dozen released at one moment; what each gave back or raised, in order."""
    start = Barrier(min(HANDS, len(deeds)))

    def run(number: int, deed: Callable[[], Any]) -> Any:
        try:
            if number < HANDS:
                start.wait(timeout=20)
            return deed()
        except BrokenBarrierError:
            raise
        except Exception as fault:  # what it raised is what the test asks about
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=HANDS) as pool:
        return [done.result() for done in [pool.submit(run, *pair) for pair in enumerate(deeds)]]


def waiting_for_all(deed: Callable[..., Any], hands: int = HANDS) -> Callable[..., Any]:
    """``deed``, but its first callers begin it together: put behind a look, everybody has looked by then.

    For the controls: a race that is seen because it was arranged, not because the machine was quick.
    """
    together, turn = Barrier(hands), count()

    def met(*asked: Any, **more: Any) -> Any:
        if next(turn) < hands:
            together.wait(timeout=20)
        return deed(*asked, **more)

    return met


def succeeded(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, Exception)]


def sql_of(migration: str, name: str) -> str:
    """A function's text as its migration wrote it, to be put back, or changed to leave a guard out."""
    text: str = getattr(importlib.import_module(migration), name)
    return re.sub("CREATE (OR REPLACE )?FUNCTION", "CREATE OR REPLACE FUNCTION", text)


@contextmanager
def without(*guards: str, back: list[str], empty: str) -> Iterator[None]:
    """Take guards out of the database; afterwards empty the tables that broke and put the guards back."""
    try:
        _run(guards)
        yield
    finally:
        _run([f"TRUNCATE {empty} CASCADE", *back])


def _run(statements: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def constraint(table: str, name: str) -> tuple[str, str]:
    """The statements that drop a constraint or unique index and that make it again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.conname = %s", [name])
        if row := cursor.fetchone():
            return (
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {row[0]}",
            )
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        return f"DROP INDEX {name}", cursor.fetchone()[0]
