"""What is done on a connection that Redis has left is a lost connection, not the end of the worker."""

from types import SimpleNamespace

import pytest
from kombu.transport import redis as kombu_redis

from portal import broker
from portal.celery import app


def closed(kind: type[kombu_redis.Channel]) -> kombu_redis.Channel:
    """A channel as kombu leaves it when its connection is closed under a running task."""
    channel = object.__new__(kind)
    channel.connection = SimpleNamespace(client=None)
    return channel


def test_a_closed_channel_raises_what_celery_survives() -> None:
    connection_errors, _channel_errors = kombu_redis.get_redis_error_classes()
    with pytest.raises(connection_errors, match="this connection has been closed"):
        closed(broker.Channel)._connparams()


def test_the_librarys_own_channel_raises_what_ends_the_worker() -> None:
    """The control: when this fails kombu has been mended, and ``portal/broker.py`` may go."""
    with pytest.raises(AttributeError, match="hostname"):
        closed(kombu_redis.Channel)._connparams()


def test_workers_and_pages_use_the_mended_one() -> None:
    with app.connection_for_write() as connection:
        assert isinstance(connection.transport, broker.Transport)
        assert connection.transport.Channel is broker.Channel
