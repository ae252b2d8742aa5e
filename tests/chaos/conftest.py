from collections.abc import Iterator

import pytest

from tests.chaos import stack as stacks


@pytest.fixture(scope="session")
def stack() -> Iterator[stacks.Stack]:
    with stacks.standing() as standing:
        standing.start("web")
        yield standing
