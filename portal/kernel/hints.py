"""Asking the worker to look now instead of at its next sweep."""

import logging
import time

from celery import current_app

logger = logging.getLogger(__name__)
REST_SECONDS = 10
_broker = {"rests_until": 0.0}


def hint(task: str, *, queue: str = "urgent") -> None:
    """Send a task by name. The sweep finds the work without it, so a dead broker only delays."""
    if time.monotonic() < _broker["rests_until"]:
        return
    try:
        current_app.send_task(task, queue=queue, expires=30, ignore_result=True)
    except Exception as fault:  # kombu, redis and the socket each have errors of their own
        _broker["rests_until"] = time.monotonic() + REST_SECONDS
        logger.warning("broker unreachable: %s", type(fault).__name__)
