"""What must hold at all times, as SQL that selects the rows for which it doesn't."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Invariant:
    code: str
    title: Any
    fast: bool
    sql: Callable[[], str]

    def broken(self, limit: int = 5) -> tuple[int, list[int | str]]:
        """How many rows break it, and the ids of the first few."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH broken AS ({self.sql()})"  # noqa: S608 - written by the apps, no values in it
                " SELECT count(*) OVER (), broken.* FROM broken LIMIT %s",
                [limit],
            )
            rows = cursor.fetchall()
        return (rows[0][0], [row[1] for row in rows]) if rows else (0, [])


_registry: dict[str, Invariant] = {}


def invariant(
    code: str, title: Any, *, fast: bool = True
) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Register ``fn() -> sql``; the first column of the query names the offending row."""

    def register(sql: Callable[[], str]) -> Callable[[], str]:
        if code in _registry:
            raise ValueError(f"two invariants are called {code}")
        _registry[code] = Invariant(code, title, fast, sql)
        return sql

    return register


def all_invariants() -> list[Invariant]:
    return [_registry[code] for code in sorted(_registry)]
