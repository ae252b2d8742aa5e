"""What has happened, told upward without knowing who listens.

``publish`` writes the event and one delivery per subscriber in the caller's transaction (a
transactional outbox), so an event leaves only with the commit and survives any crash. The worker
runs each delivery in a transaction of its own, together with its mark of completion: what the
subscriber wrote and the fact that it ran commit as one.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from portal.kernel.hints import hint
from portal.kernel.models import Delivery, OutboxEvent

logger = logging.getLogger(__name__)
PARK_AFTER = 10


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are plain values: ids, numbers, text, ISO times."""

    @classmethod
    def title(cls) -> str:
        return f"{cls.__module__.split('.')[0]}.{cls.__name__}"


Handler = Callable[[Any], None]
E = TypeVar("E", bound=Event)
_classes: dict[str, type[Event]] = {}
_subscribers: dict[str, dict[str, Handler]] = defaultdict(dict)
_history: ContextVar[bool] = ContextVar("history", default=False)


def subscribe(
    event_class: type[E],
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Run the function, in the worker, once for each event of the class."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        _classes[event_class.title()] = event_class
        _subscribers[event_class.title()][f"{handler.__module__}.{handler.__name__}"] = handler
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


def publish(event: Event) -> None:
    """Tell of a fact. Must be called inside the transaction that made it true."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish inside the transaction of the fact")
    subscribers = _subscribers.get(event.title(), {})
    if not subscribers or _history.get():
        return
    row = OutboxEvent.objects.create(title=event.title(), facts=asdict(event))
    Delivery.objects.bulk_create([Delivery(event=row, subscriber=name) for name in subscribers])
    transaction.on_commit(_look_now, robust=True)


def _look_now() -> None:
    hint("portal.kernel.tasks.deliver_events")


def deliver_due(*, limit: int = 500) -> int:
    """Run deliveries that are due, oldest first; returns how many ran. Safe to run in parallel."""
    ran = 0
    while ran < limit and _deliver_one():
        ran += 1
    return ran


@transaction.atomic
def _deliver_one() -> bool:
    delivery = (
        Delivery.objects.due(timezone.now())
        .select_related("event")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )
    if delivery is None:
        return False
    try:
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
    delivery.attempts += 1
    delivery.last_error = f"{type(fault).__name__}: {fault}"[:500]
    delivery.due_at = timezone.now() + timedelta(seconds=min(2**delivery.attempts, 3600))
    if delivery.attempts >= PARK_AFTER:
        delivery.parked_at = timezone.now()
    delivery.save(update_fields=["attempts", "last_error", "due_at", "parked_at"])
    logger.error(
        "event delivery failed",
        exc_info=fault,
        extra={"delivery": delivery.pk, "subscriber": delivery.subscriber},
    )


def unpark(deliveries: Any) -> int:
    """Give parked deliveries another ten tries."""
    return int(
        deliveries.filter(parked_at__isnull=False).update(parked_at=None, attempts=0, due_at=timezone.now())
    )
