"""What a verb sends to the database, caught once, to be sent again by psycopg alone with other values."""

from collections.abc import Callable, Hashable
from typing import Any

import psycopg
from django.db import connection

Statement = tuple[str, list[Any]]


def caught(verb: Callable[[], Any]) -> list[Statement]:
    """The statements of one call, transaction marks left out."""
    statements: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, list(params or [])))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        verb()
    return statements


def other(values: dict[Any, Any], param: Any) -> Any:
    """Its counterpart, if it has one; lists and documents go as they were caught."""
    return values.get(param, param) if isinstance(param, Hashable) else param


def send(
    bare: psycopg.Connection[Any],
    statements: list[Statement],
    values: dict[Any, Any],
    learns: dict[int, Any] | None = None,
) -> None:
    """All of them in one transaction, each value replaced by its counterpart in ``values``.

    ``learns`` names the statements whose answer's last column is a value that later ones carry.
    """
    learns = learns or {}
    with bare.transaction(), bare.cursor() as cursor:
        for place, (sql, params) in enumerate(statements):
            cursor.execute(sql, [other(values, param) for param in params])
            rows = cursor.fetchall() if cursor.description else []
            if place in learns:
                values[learns[place]] = rows[0][-1]
