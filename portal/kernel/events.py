"""What has happened, told upward without knowing who listens.

``publish`` writes the event and one delivery per subscriber in the caller's transaction (a
transactional outbox), so an event leaves only with the commit and survives any crash. The worker
runs each delivery in a transaction of its own, together with its mark of completion: what the
subscriber wrote and the fact that it ran commit as one.
"""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from portal.kernel.hints import hint
from portal.kernel.logs import scrub
from portal.kernel.models import Delivery

logger = logging.getLogger(__name__)
PARK_AFTER = 10
BATCH = 20  # a worker that dies holds so many back for the lease
LEASE_SECONDS = 30


class WorkerDied(Exception):
    """Every try before ended with the worker's death, so there is no better reason to show."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are plain values: ids, numbers, text, ISO times."""

    @classmethod
    def title(cls) -> str:
        return f"{cls.__module__.split('.')[0]}.{cls.__name__}"


Handler = Callable[[Any], None]
Wanted = Callable[[], bool]
E = TypeVar("E", bound=Event)
_classes: dict[str, type[Event]] = {}
_subscribers: dict[str, dict[str, Handler]] = defaultdict(dict)
_wanted: dict[str, Wanted] = {}
_history: ContextVar[bool] = ContextVar("history", default=False)


def subscribe(
    event_class: type[E], *, where: Wanted | None = None
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Run the function, in the worker, once for each event of the class.

    ``where``: told only in a portal that is set up for it; elsewhere nothing is even written down.
    """

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{handler.__module__}.{handler.__name__}"
        _classes[event_class.title()] = event_class
        _subscribers[event_class.title()][name] = handler
        if where is not None:
            _wanted[name] = where
        return handler

    return register


@contextmanager
def untold() -> Iterator[None]:
    """Write down history without telling it: nobody wants last month's receipts today."""
    token = _history.set(True)
    try:
        yield
    finally:
        _history.reset(token)


# The event and all its deliveries in one trip: this stands in the middle of every verb.
_WRITE = """
WITH event AS (
    INSERT INTO kernel_outboxevent (title, facts) VALUES (%s, %s::jsonb) RETURNING id)
INSERT INTO kernel_delivery (event_id, subscriber, attempts, last_error)
SELECT event.id, name, 0, '' FROM event, unnest(%s::text[]) AS name
"""


def publish(event: Event) -> None:
    """Tell of a fact. Must be called inside the transaction that made it true."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish inside the transaction of the fact")
    if _history.get():
        return
    names = [name for name in _subscribers.get(event.title(), {}) if _is_wanted(name)]
    if not names:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [event.title(), json.dumps(asdict(event)), names])
    transaction.on_commit(_look_now, robust=True)


def _is_wanted(name: str) -> bool:
    wanted = _wanted.get(name)
    return wanted is None or wanted()


def _look_now() -> None:
    hint("portal.kernel.tasks.deliver_events")


def deliver_due(*, limit: int = 500) -> int:
    """Run deliveries that are due, oldest first; returns how many ran. Safe to run in parallel."""
    ran = 0
    while ran < limit and (batch := _claim()):
        ran += sum(_run(pk, attempt) for pk, attempt in batch)
    return ran


# Counting the try and putting the row off is one statement that is committed before anything runs:
# a worker that dies leaves rows that are due again after the lease, and a delivery that kills its
# worker each time is counted like any other failure.
_CLAIM = """
UPDATE kernel_delivery
SET attempts = attempts + 1,
    due_at = clock_timestamp() + make_interval(secs => greatest(%(lease)s, least(2 ^ (attempts + 1), 3600)))
WHERE id IN (
    SELECT id FROM kernel_delivery
    WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= clock_timestamp()
    ORDER BY due_at, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING id, attempts
"""


def _claim() -> list[tuple[int, int]]:
    """Keys of the next deliveries and the number of the try that is ours."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lease": LEASE_SECONDS, "batch": BATCH})
        return sorted(cursor.fetchall())


def _run(pk: int, attempt: int) -> bool:
    """Another worker that is choosing may hold the row for an instant: looked at three times before it is
    left to the lease."""
    for pause_s in (0.01, 0.05, 0):
        if _deliver(pk, attempt):
            return True
        time.sleep(pause_s)
    return False


@transaction.atomic
def _deliver(pk: int, attempt: int) -> bool:
    """One delivery together with its mark of completion. False when the try is no longer ours."""
    open_ones = Delivery.objects.filter(pk=pk, attempts=attempt, done_at=None, parked_at=None)
    rows = open_ones.select_related("event").select_for_update(skip_locked=True, of=("self",))
    delivery = rows.first()
    if delivery is None:
        return False
    try:
        if attempt > PARK_AFTER:
            raise WorkerDied
        with transaction.atomic():
            handler = _subscribers[delivery.event.title][delivery.subscriber]
            handler(_classes[delivery.event.title](**delivery.event.facts))
    except Exception as fault:  # a broken subscriber is parked with its reason, it must not stop the others
        _postpone(delivery, fault)
    else:
        delivery.done_at = timezone.now()
        delivery.save(update_fields=["done_at"])
    return True


def _postpone(delivery: Delivery, fault: Exception) -> None:
    """Growing delay: 2, 4, 8 … seconds, at most an hour; parked after ten tries."""
    delivery.last_error = scrub(f"{type(fault).__name__}: {fault}").replace("\0", "")[:500]
    delivery.due_at = timezone.now() + timedelta(seconds=min(2**delivery.attempts, 3600))
    if delivery.attempts >= PARK_AFTER:
        delivery.parked_at = timezone.now()
    delivery.save(update_fields=["last_error", "due_at", "parked_at"])
    facts = {"delivery": delivery.pk, "subscriber": delivery.subscriber}
    logger.error("event delivery failed", exc_info=fault, extra=facts)


def unpark(deliveries: Any) -> int:
    """Give parked deliveries another ten tries."""
    return int(
        deliveries.filter(parked_at__isnull=False).update(parked_at=None, attempts=0, due_at=timezone.now())
    )
