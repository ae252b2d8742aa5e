"""What the person at the keyboard gets to read: short lines, on standard error, with the time a step took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stop(Exception):
    """Something the person has to mend; the text says what to do. Ends the command with code 1."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    say(f"· {title} ...")
    began = time.monotonic()
    yield
    if (took := time.monotonic() - began) >= 1:
        say(f"  done in {took:.0f} s")
