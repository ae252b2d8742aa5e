"""A card's statement as its pages and its file show it: newest first, with the balance after each step."""

from collections.abc import Iterator
from dataclasses import dataclass

from loyalty.models import Account, Card, Entry

ROWS = 20
AT_ONCE = 500


@dataclass(frozen=True)
class Statement:
    """One page of it; ``more`` is the key from which the next page goes on."""

    rows: list[Entry]
    more: int | None


def page_of_statement(account: Account, before: str = "", size: int = ROWS) -> Statement:
    """``before``: the key that an earlier page ended with, as it came from outside."""
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = Entry.objects.statement(account, before=last).select_related("shop", "by")
    rows = list(found[: size + 1])
    return Statement(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def whole_statement(card: Card) -> Iterator[Entry]:
    """Every step, newest first, some hundreds at a time: a long life is never held in memory."""
    account = Account.objects.points_of(card)
    more: int | None = 0
    while more is not None:
        page = page_of_statement(account, str(more or ""), AT_ONCE)
        yield from page.rows
        more = page.more
