"""What a test did, or a whole module, taken back at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.transaction import Atomic


def of_the_test() -> Atomic:
    """A transaction around a request that stands for none: verbs that commit at once don't mind it."""
    block = transaction.atomic()
    block._from_testcase = True
    return block


@contextmanager
def undone() -> Iterator[None]:
    """The next visitor finds everything as it was."""
    with of_the_test():
        yield
        transaction.set_rollback(True)
