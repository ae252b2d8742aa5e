"""The database's share of the work: append-only tables, points, retries."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import pgtrigger
from django.contrib.gis.geos import Point
from django.db import OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")
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
