"""The database picks a loser of a deadlock; the verb is run again, from the beginning."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from portal.kernel.db import point, retry_on_deadlock
from portal.kernel.models import User
from tests import cast

runs: list[str] = []


def lock_both(first: int, second: int, met: threading.Barrier) -> None:
    runs.append("run")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=first)
        if len(runs) <= 2:
            met.wait(timeout=10)
        User.objects.select_for_update().get(pk=second)


def cross(verb: Any) -> list[str]:
    """Two threads that lock the same two rows in opposite order; what each came to."""
    runs.clear()
    one, two, met = cast.make_user().pk, cast.make_user().pk, threading.Barrier(2)
    ends: list[str] = []

    def go(first: int, second: int) -> None:
        try:
            verb(first, second, met)
            ends.append("done")
        except OperationalError as fault:
            ends.append(getattr(fault.__cause__, "sqlstate", None) or "other")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=order) for order in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.mark.django_db(transaction=True)
def test_the_loser_of_a_deadlock_runs_again():
    assert cross(retry_on_deadlock(lock_both)) == ["done", "done"]
    assert len(runs) == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_retry_somebody_loses():
    assert cross(lock_both) == ["40P01", "done"]


@pytest.mark.django_db
def test_inside_a_callers_transaction_nothing_is_run_again():
    tries = []

    @retry_on_deadlock
    def broken() -> None:
        tries.append(1)
        raise OperationalError

    with pytest.raises(OperationalError):
        broken()
    assert tries == [1]


def test_a_point_is_longitude_then_latitude():
    assert (point(31.2, 121.4).x, point(31.2, 121.4).y, point(0, 0).srid) == (121.4, 31.2, 4326)
