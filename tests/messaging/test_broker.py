"""The worker's consumer survives a broker connection that falls apart while it is being closed."""

import pytest
from celery.worker.consumer import Consumer as CeleryConsumer
from celery.worker.consumer import consumer as module

from portal.broker import Consumer
from portal.celery import app


class Fallen:
    """A connection whose transport has let go of its client, as kombu leaves it after a lost Redis."""

    connection_errors = channel_errors = (OSError,)

    def collect(self, socket_timeout: float) -> None: ...

    def close(self) -> None:
        raise AttributeError("'NoneType' object has no attribute 'hostname'")


def losing(kind: type[CeleryConsumer], monkeypatch: pytest.MonkeyPatch) -> CeleryConsumer:
    monkeypatch.setattr(module, "bound_open_broker_sockets", lambda *args: None)
    consumer = object.__new__(kind)
    consumer.app, consumer.connection = app, Fallen()
    return consumer


def test_a_connection_that_falls_apart_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = losing(Consumer, monkeypatch)
    consumer.on_connection_error_after_connected(ConnectionError("gone"))
    assert consumer.connection is None
    assert app.conf.worker_consumer == "portal.broker:Consumer"


def test_without_the_guard_the_worker_would_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AttributeError, match="hostname"):
        losing(CeleryConsumer, monkeypatch).on_connection_error_after_connected(ConnectionError("gone"))
