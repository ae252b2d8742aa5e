"""The value ledger's one door: database functions that lock, look for a replay, judge and write.

Each is one call because an entry touches four tables and the row it locks is waited for: what would
be seven round trips under the lock is one (``docs/benchmarks.md``). The functions stand in
``migrations/0006_functions_of_the_ledger.py``; what they may be asked, and what their answers mean, stands
here. Accounts of one card are locked in one order everywhere: points, points owed, visits, paid in, bonus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DEFERRED
from django.utils.translation import gettext_lazy as _

from loyalty.models import MONEY, Account, Card, Entry, EntryKind, Hold, ValueKind
from portal.kernel.money import format_money
from portal.kernel.refused import KeyReused, Refused


class CardNotActive(Refused):
    sentence = _("This card is frozen or closed. The owner can have it released under member cards.")


class NotEnough(Refused):
    sentence = _("The card holds %(balance)d points, %(short)d fewer than needed.")


class NoVisitsLeft(NotEnough):
    sentence = _("No visit is left on this pass.")


class NotEnoughMoney(NotEnough):
    sentence = _("The card holds %(balance)s, %(short)s less than needed.")


class NotHeld(Refused):
    status = 409
    sentence = _("What was kept for this is free again, or is less than asked. Start once more.")


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
    hold: Hold | None = None
    usable_from: datetime | None = None  # a credit only waits until then
    first: Entry | None = (
        None  # a debit takes what this entry credited before anything else; visits: only that
    )

    @classmethod
    def counter(
        cls, entry: Entry, card: Card, *, key: UUID, by_id: int | None, note: str, moment: datetime
    ) -> "Posting":
        """The step that takes an earlier one back, whole."""
        return cls(
            card=card,
            amount=-entry.amount,
            kind=EntryKind.REVERSED,
            key=key,
            moment=moment,
            shop_id=entry.shop_id,
            by_id=by_id,
            document=entry.document,
            note=note,
            reverses=entry,
        )


@dataclass(frozen=True)
class Paid:
    """What a bill took from either account: the keys of the entries, and both balances together after it."""

    principal_id: int | None
    bonus_id: int | None
    balance: int
    is_replay: bool = False


@dataclass(frozen=True)
class Clawed:
    """Points taken back: what the card still had, and what it owes now."""

    taken: int
    owed: int


def post(asked: Posting, value: ValueKind = ValueKind.POINTS) -> Entry:
    """Write the step, or give back the entry that the first attempt with this key wrote."""
    return _answered(asked, value, _ask("loyalty_post", *_values(asked, value)))


def post_many(steps: Sequence[tuple[Posting, ValueKind]]) -> list[Entry]:
    """Each as ``post`` would, one after the other, in one question to the database: for work on whole lists.
    A refusal of one is a refusal of all."""
    if not steps:
        return []
    columns = zip(*(_values(asked, value) for asked, value in steps), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_POST_MANY, [list(column) for column in columns])
        answers = cursor.fetchall()
    return [_answered(*step, answer) for step, answer in zip(steps, answers, strict=True)]


def _answered(asked: Posting, value: ValueKind, answer: tuple[Any, ...]) -> Entry:
    outcome, account_id, entry_id, balance = answer
    if outcome == "inactive":
        raise CardNotActive
    if outcome == "short":
        raise _short(value, balance, -asked.amount)
    if outcome == "unheld":
        raise NotHeld
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
        # the database knows it: of points that were owed, some are paid off since
        balance_after=DEFERRED,  # type: ignore[misc]
    )


def keep(
    card: Card, value: ValueKind, amount: int, *, key: UUID, until: datetime, moment: datetime, document: str
) -> Hold:
    """Keep ``amount`` from other spends until ``until``; asked again, the same hold."""
    answer = _ask("loyalty_keep", card.pk, value, amount, key, document, until, moment)
    outcome, hold_id, balance = answer
    if outcome == "inactive":
        raise CardNotActive
    if outcome == "short":
        raise _short(value, balance, amount)
    hold = Hold.objects.get(pk=hold_id)
    if hold.amount != amount:
        raise KeyReused
    return hold


def pay(asked: Posting, spends: str) -> Paid:
    """Take ``-asked.amount`` from principal and bonus: ``spends`` says which goes first, or ``share``."""
    amount = -asked.amount
    outcome, principal_id, bonus_id, balance = _ask(
        "loyalty_pay",
        asked.card.pk,
        amount,
        asked.key,
        asked.shop_id,
        asked.by_id,
        asked.document,
        asked.note,
        asked.moment,
        spends,
    )
    if outcome == "inactive":
        raise CardNotActive
    if outcome == "short":
        raise _short(ValueKind.PRINCIPAL, balance, amount)
    if outcome == "replay":
        taken = Entry.objects.filter(pk__in=filter(None, (principal_id, bonus_id)))
        if sum(entry.size for entry in taken) != amount:
            raise KeyReused
    return Paid(principal_id, bonus_id, balance, outcome == "replay")


def claw(asked: Posting) -> Clawed:
    """Take back ``-asked.amount`` points even if they were used: what the card has no more, it owes."""
    amount = -asked.amount
    _outcome, taken, owed = _ask(
        "loyalty_claw",
        asked.card.pk,
        amount,
        asked.key,
        asked.shop_id,
        asked.by_id,
        asked.document,
        asked.note,
        asked.moment,
        asked.first and asked.first.pk,
    )
    if taken + owed != amount:
        raise KeyReused
    return Clawed(taken, owed)


def _short(value: ValueKind, balance: int, needed: int) -> NotEnough:
    if value == ValueKind.VISITS:
        return NoVisitsLeft(balance=balance, short=needed - balance)
    if value in MONEY:
        return NotEnoughMoney(balance=format_money(balance), short=format_money(needed - balance))
    return NotEnough(balance=balance, short=needed - balance)


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


_POST_MANY = """
SELECT answer.* FROM unnest(
    %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::uuid[], %s::bigint[], %s::bigint[],
    %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[],
    %s::timestamptz[], %s::bigint[]
) WITH ORDINALITY AS step (card, value, amount, kind, key, shop, cashier, document, note, reverses, expires,
                           moment, hold, usable, own, place),
LATERAL loyalty_post(card, value, amount, kind, key, shop, cashier, document, note, reverses, expires,
                     moment, hold, usable, own) AS answer
ORDER BY place
"""


def _values(asked: Posting, value: ValueKind) -> tuple[Any, ...]:
    """As ``loyalty_post`` takes them."""
    return (
        asked.card.pk,
        str(value),
        asked.amount,
        str(asked.kind),
        asked.key,
        asked.shop_id,
        asked.by_id,
        asked.document,
        asked.note,
        asked.reverses and asked.reverses.pk,
        asked.expires_at,
        asked.moment,
        asked.hold and asked.hold.pk,
        asked.usable_from,
        asked.first and asked.first.pk,
    )


def _ask(function: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(values))
        cursor.execute(f"SELECT * FROM {function}({places})", values)  # noqa: S608 - one of ours
        row: tuple[Any, ...] = cursor.fetchone()
        return row
