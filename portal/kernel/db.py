"""The database's share of the work: append-only tables, points, retries."""

import random
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pgtrigger
from django.contrib.gis.geos import Point
from django.db import OperationalError, connection, models
from django.db.models.expressions import RawSQL
from django.db.models.sql import InsertQuery, UpdateQuery

P = ParamSpec("P")
R = TypeVar("R")
Statement = tuple[str, tuple[Any, ...]]
WGS84 = 4326
_TRANSIENT = ("40P01", "40001")  # deadlock detected, serialization failure


def append_only(name: str) -> pgtrigger.Protect:
    """Rows are written once: the database itself refuses to change or remove them."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def point(lat: float, lon: float) -> Point:
    """A WGS-84 point from two floats; nothing that a person sends is ever parsed as a geometry."""
    return Point(lon, lat, srid=WGS84)


def retry_on_deadlock(verb: Callable[P, R]) -> Callable[P, R]:
    """Run the whole verb again, at most three times, when the database chose it as the loser."""

    @wraps(verb)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        for turn in (1, 2, 3):
            try:
                return verb(*args, **kwargs)
            except OperationalError as fault:
                state = getattr(fault.__cause__, "sqlstate", None)
                if turn == 3 or state not in _TRANSIENT or connection.in_atomic_block:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * turn)  # noqa: S311 - only spreads the retries
        raise AssertionError("unreachable")

    return attempt


def insertion(rows: Sequence[models.Model]) -> Statement:
    """The INSERT of new rows of one model; as the first of ``at_once`` it tells the key of its one row."""
    meta = rows[0]._meta
    query = InsertQuery(type(rows[0]))
    query.insert_values([field for field in meta.local_concrete_fields if field != meta.pk], list(rows))
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = [meta.pk] if len(rows) == 1 else None
    ((text, values),) = compiler.as_sql()
    return text, tuple(values)


def change(rows: models.QuerySet[Any], **values: Any) -> Statement:
    """What ``rows.update(**values)`` would send."""
    query: Any = rows.query.chain(UpdateQuery)
    query.add_update_values(values)
    text, parameters = query.get_compiler(connection=connection).as_sql()
    return text, tuple(parameters)


FIRST_KEY = RawSQL("(SELECT id FROM first)", [])  # what rows of later statements say for the first one's key


def at_once(first: Statement, *others: Statement) -> int:
    """Several writes in one round trip; returns the key of the row that the first inserts.

    They all see the rows as they were before, so none may change what another has written.
    """
    named = [f"first AS ({first[0]})"]
    named += [f"other_{number} AS ({text})" for number, (text, _values) in enumerate(others)]
    values = [value for _text, values in (first, *others) for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(named)} SELECT id FROM first", values)  # noqa: S608 - compiled by Django
        return int(cursor.fetchone()[0])
