"""The value ledger's one door: a database function that locks, looks for a replay, judges and writes.

It is one call because an entry touches four tables and the row it locks is waited for: what would
be seven round trips under the lock is one (``docs/benchmarks.md``). The function stands in
``migrations/0002_ledger.py``; what it may be asked, and what its answers mean, stands here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from loyalty.models import Account, Card, Entry, EntryKind, ValueKind
from portal.kernel.refused import KeyReused, Refused


class CardNotActive(Refused):
    sentence = _("This card is frozen or closed. The owner can have it released under member cards.")


class NotEnough(Refused):
    sentence = _("The card holds %(balance)d points, %(short)d fewer than needed.")


class AlreadyTakenBack(Refused):
    status = 409
    sentence = _("This entry was already taken back.")


class AlreadySpent(Refused):
    status = 409
    sentence = _(
        "Of these %(points)d points, %(short)d have been used already."
        " Take back what they were used for first."
    )


@dataclass(frozen=True)
class Posting:
    """One signed step as it is asked for. ``reverses`` makes it the counter-entry of an earlier one."""

    card: Card
    amount: int
    kind: EntryKind
    key: UUID
    moment: datetime
    shop_id: int | None = None
    by_id: int | None = None
    document: str = ""
    note: str = ""
    reverses: Entry | None = None
    expires_at: datetime | None = None


def post(asked: Posting, value: ValueKind = ValueKind.POINTS) -> Entry:
    """Write the step, or give back the entry that the first attempt with this key wrote."""
    outcome, account_id, entry_id, balance = _call(asked, value)
    if outcome == "inactive":
        raise CardNotActive
    if outcome == "short":
        raise NotEnough(balance=balance, short=-asked.amount - balance)
    if outcome == "reversed":
        raise AlreadyTakenBack
    if outcome == "replay":
        return _same_or_refuse(Entry.objects.get(pk=entry_id), asked)
    return Entry(
        id=entry_id,
        merchant_id=asked.card.merchant_id,
        account_id=account_id,
        amount=asked.amount,
        kind=asked.kind,
        key=asked.key,
        reverses=asked.reverses,
        shop_id=asked.shop_id,
        by_id=asked.by_id,
        document=asked.document,
        note=asked.note,
        created_at=asked.moment,
    )


def _same_or_refuse(entry: Entry, asked: Posting) -> Entry:
    same = (entry.kind, entry.reverses_id) == (asked.kind, asked.reverses and asked.reverses.pk)
    if not same:
        raise KeyReused
    return entry.same_or_refuse(asked.amount)


def lapse(account: Account, *, moment: datetime) -> int:
    """Take out what has expired by ``moment``; returns how much that was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT loyalty_lapse(%s, %s)", [account.pk, moment])
        return int(cursor.fetchone()[0])


def _call(asked: Posting, value: ValueKind) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, account, entry, balance"
            " FROM loyalty_post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                asked.card.pk,
                value,
                asked.amount,
                asked.kind,
                asked.key,
                asked.shop_id,
                asked.by_id,
                asked.document,
                asked.note,
                asked.reverses and asked.reverses.pk,  # type: ignore[list-item]
                asked.expires_at,
                asked.moment,
            ],
        )
        row: tuple[Any, ...] = cursor.fetchone()
        return row
