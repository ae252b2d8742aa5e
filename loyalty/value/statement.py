"""A card's statement as its pages and its file show it: newest first, with the balance after each step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from loyalty.models import Account, Card, Entry

ROWS = 20
AT_ONCE = 500


@dataclass(frozen=True)
class Only:
    """What of it is asked for: one kind of step, some days (both included, on the calendar of ``zone``)."""

    kind: str = ""
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC

    def of(self, rows: Any) -> Any:
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.since:
            rows = rows.filter(created_at__gte=self._midnight(self.since))
        if self.until:
            rows = rows.filter(created_at__lt=self._midnight(self.until + timedelta(days=1)))
        return rows

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone)


EVERYTHING = Only()


@dataclass(frozen=True)
class Statement:
    """One page of it; ``more`` is the key from which the next page goes on."""

    rows: list[Entry]
    more: int | None


def page_of_statement(
    account: Account, before: str = "", size: int = ROWS, only: Only = EVERYTHING
) -> Statement:
    """``before``: the key that an earlier page ended with, as it came from outside."""
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = only.of(Entry.objects.statement(account, before=last))
    rows = list(found.select_related("shop", "by")[: size + 1])
    return Statement(rows[:size], rows[size - 1].pk if len(rows) > size else None)


def whole_statement(card: Card, only: Only = EVERYTHING) -> Iterator[Entry]:
    """Every step, newest first, some hundreds at a time: a long life is never held in memory."""
    account = Account.objects.points_of(card)
    more: int | None = 0
    while more is not None:
        page = page_of_statement(account, str(more or ""), AT_ONCE, only)
        yield from page.rows
        more = page.more
