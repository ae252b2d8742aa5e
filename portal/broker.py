"""A connection to Redis that is lost is lost, and nothing worse."""

from typing import Any

from kombu.transport import redis as kombu_redis
from redis.exceptions import ConnectionError as RedisGone


class Channel(kombu_redis.Channel):
    """kombu's own, but for one slip that would end a worker for good."""

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        """How to connect anew; refused for a channel whose connection has been closed.

        A task that runs while Redis goes is acknowledged later, on the channel it came by. By then
        that connection has let go of its client, and kombu (issue 582) fails with an AttributeError,
        which Celery does not count as a lost connection: the worker ends. As a connection error it
        is noted, and the task's message is delivered again.
        """
        if self.connection.client is None:
            raise RedisGone("this connection has been closed")
        params: dict[str, Any] = super()._connparams(asynchronous=asynchronous)
        return params


class Transport(kombu_redis.Transport):
    Channel = Channel
