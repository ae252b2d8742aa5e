"""Which way a link came: a page's address with a mark that only we can make and read.

The mark names a way ("push", "poster") and nobody: everybody who gets the link that way has the same one.
"""

import hmac
from collections.abc import Iterable

from django.utils.crypto import salted_hmac

LENGTH = 10


def mark_of(path: str, way: str) -> str:
    return salted_hmac("portal.via", f"{way} {path}", algorithm="sha256").hexdigest()[:LENGTH]


def marked(path: str, way: str) -> str:
    """The path with ``?via=`` behind it; a path that has a query of its own keeps it."""
    return f"{path}{'&' if '?' in path else '?'}via={mark_of(path.partition('?')[0], way)}"


def way_of(path: str, mark: str, ways: Iterable[str]) -> str | None:
    """Which of the ways the mark was made for, at just this path; None for one that isn't ours."""
    given = mark.encode()
    return next((way for way in ways if hmac.compare_digest(mark_of(path, way).encode(), given)), None)
