"""Asking the worker to look now instead of at its next sweep."""

import logging
import time

from celery import current_app

logger = logging.getLogger(__name__)
REST_SECONDS = 10
#: A hint is carried out this much after it was sent, and so answers for all that came in between.
GATHER_SECONDS = 0.2
_broker = {"rests_until": 0.0}
_sent: dict[str, float] = {}


def hint(task: str, *, queue: str = "urgent") -> None:
    """Send a task by name. The sweep finds the work without it, so a dead broker only delays."""
    now = time.monotonic()
    if now < _broker["rests_until"] or now < _sent.get(task, 0) + GATHER_SECONDS / 2:
        return
    try:
        current_app.send_task(task, queue=queue, countdown=GATHER_SECONDS, expires=30, ignore_result=True)
        _sent[task] = now
    except Exception as fault:  # kombu, redis and the socket each have errors of their own
        _broker["rests_until"] = time.monotonic() + REST_SECONDS
        logger.warning("broker unreachable: %s", type(fault).__name__)
