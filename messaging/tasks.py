"""Messaging in the background: sending what is due."""

from celery import shared_task

from messaging import delivery
from portal.kernel.hints import hint


@shared_task
def send_due() -> None:
    """A few seconds of sending; what is left goes to the end of the line, so that others get their turn."""
    if delivery.send_due():
        hint("messaging.tasks.send_due")
