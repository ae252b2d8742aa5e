"""A worker that outlives its broker, however that goes."""

import logging

from celery.worker.consumer import Consumer as CeleryConsumer

logger = logging.getLogger(__name__)


class Consumer(CeleryConsumer):
    """Celery's own, but for one slip that would end the worker for good."""

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """The lost connection is dropped and made anew, whatever closing it brings up.

        When Redis goes while tasks run, kombu closes the connection twice; the second time its
        transport has no client any more, and the AttributeError (kombu issue 582) is not among those
        that Celery counts as a lost connection. By then the consumer has already let go of it.
        """
        try:
            super().on_connection_error_after_connected(exc)
        except AttributeError as fault:
            logger.warning("broker connection closed twice: %s", type(fault).__name__)
