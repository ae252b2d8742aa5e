"""One at a time in a checkout. The kernel lets go when the holder dies; its children don't inherit it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from tools import place
from tools.say import say


@contextmanager
def alone(name: str, *, otherwise: str) -> Iterator[None]:
    """Wait until nobody else in this checkout holds the lock, saying `otherwise` while waiting."""
    with _open(name) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(otherwise)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def claimed(name: str) -> Iterator[bool]:
    """Whether we got the lock; nobody is waited for."""
    with _open(name) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _open(name: str) -> TextIO:
    place.make_folders()
    return (place.VAR / f"{name}.lock").open("w")
