"""The private Redis: stopped, frozen, emptied and killed at will."""

from collections.abc import Iterator

import pytest
import redis as client

from tools import redis
from tools.redis import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with redis.temporary() as running:
        yield running


def connect(server: Server) -> client.Redis:
    return client.Redis.from_url(server.url(), socket_timeout=0.5)


def test_it_answers_on_its_socket_and_on_no_port(server: Server):
    with connect(server) as line:
        assert line.ping()
        assert line.config_get("port") == {"port": "0"}


def test_frozen_it_takes_connections_and_says_nothing(server: Server):
    server.freeze()
    try:
        with connect(server) as line, pytest.raises(client.TimeoutError):
            line.ping()
    finally:
        server.thaw()

    assert server.alive()


def test_emptied_it_has_forgotten_everything(server: Server):
    with connect(server) as line:
        line.set("what", "a gate, not the book")

        server.empty()

        assert line.get("what") is None


def test_stopped_it_refuses_and_started_it_answers_again(server: Server):
    server.stop()
    with connect(server) as line, pytest.raises(client.ConnectionError):
        line.ping()

    server.start()

    assert server.alive()


def test_a_frozen_one_can_be_stopped(server: Server):
    server.freeze()

    server.stop()

    assert not server.alive()
    server.start()


def test_it_comes_back_after_being_killed(server: Server):
    server.kill()
    assert not server.alive()

    server.restart()

    assert server.alive()
