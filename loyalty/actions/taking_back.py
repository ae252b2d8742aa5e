"""Taking an import back within a day: as far as nobody has used what it brought."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.bringing import CHUNK, key_of
from loyalty.actions.imported_levels import moved_since, take_levels_back
from loyalty.actions.importing import TAKE_BACK, NotNow, _may_confirm, _set_to_work, held_by_all
from loyalty.events import PointsAdjusted
from loyalty.models import (
    Card,
    CardState,
    Entry,
    EntryKind,
    ImportRow,
    ImportState,
    MemberImport,
    RowState,
    ValueKind,
)
from loyalty.value.ledger import Posting, post_many
from portal.kernel.audit import context
from portal.kernel.events import publish
from portal.kernel.jobs import Running
from portal.kernel.models import User
from portal.kernel.refused import Refused

KEPT = {
    "used": _("Points or money on the card have moved since"),
    "visited": _("The customer has bought something since"),
    "changed": _("The card was frozen, closed or replaced since"),
    "level": _("The member’s level has changed since"),
}


class TooLateToTakeBack(Refused):
    sentence = _("An import can be taken back for 24 hours.")


@transaction.atomic
def undo_import(batch: MemberImport, *, by: User, moment: datetime | None = None) -> MemberImport:
    """Counter-entries for what it brought, and the cards it made are closed. Twice is once."""
    moment = moment or timezone.now()
    batch = MemberImport.objects.locked().select_related("merchant", "job").get(pk=batch.pk)
    if batch.state == ImportState.UNDONE or (batch.state == ImportState.UNDOING and not batch.is_stuck):
        return batch
    if batch.state not in (ImportState.DONE, ImportState.UNDOING) and not _stopped(batch):
        raise NotNow
    if batch.state == ImportState.DONE and not batch.may_be_undone(moment):
        raise TooLateToTakeBack
    _may_confirm(batch, by)
    batch.undone_by, batch.undone_at = by, moment
    return _set_to_work(batch, ImportState.UNDOING, TAKE_BACK, by)


def _stopped(batch: MemberImport) -> bool:
    """An import that somebody stopped half-way can be taken back, too."""
    return batch.state == ImportState.IMPORTING and batch.is_stuck


def take_back(running: Running) -> None:
    """The work of undoing."""
    batch = MemberImport.objects.get(pk=running.params["import"])
    brought = ImportRow.objects.filter(batch=batch)
    total = brought.exclude(state=RowState.WAITING).count()
    while done := _chunk(batch.pk, running):
        left = brought.filter(state=RowState.DONE).count()
        running.progress(max(total - left, done), max(total, done))
    _finish(batch.pk, running)
    kept = brought.filter(state=RowState.KEPT).count()
    running.finish_with(failed_rows=kept)


@transaction.atomic
def _chunk(batch_id: int, running: Running) -> int:
    batch = MemberImport.objects.locked().select_related("merchant", "undone_by").get(pk=batch_id)
    if batch.state != ImportState.UNDOING or batch.job_id != running.job.pk:
        return 0
    running.checkpoint()
    rows = list(_with_use(batch).order_by("number")[:CHUNK])
    cards = {card.pk: card for card in _cards(row.card_id for row in rows)}
    with context(user=batch.undone_by_id, reason=f"{batch.document} taken back"):
        _take_rows_back(batch, rows, cards)
    _write_down(rows)
    return len(rows)


def _cards(ids: object) -> QuerySet[Card]:
    rows = Card.objects.filter(pk__in=list(ids)).select_related("customer", "programme")  # type: ignore[call-overload]
    return rows.order_by("pk").select_for_update(of=("self",), no_key=True)


def _with_use(batch: MemberImport) -> QuerySet[ImportRow]:
    """Rows still brought in, each with ``moved``: whether its card's accounts have moved since by others."""
    later = Entry.objects.filter(account__card=OuterRef("card"), created_at__gte=batch.confirmed_at)
    others = later.exclude(document=batch.document, kind__in=[EntryKind.OPENING, EntryKind.REVERSED])
    rows = ImportRow.objects.filter(batch=batch, state=RowState.DONE).select_related("card__customer")
    return rows.annotate(moved=Exists(others))


def _take_rows_back(batch: MemberImport, rows: list[ImportRow], cards: dict[int, Card]) -> None:
    opened, counters, closed = _openings(batch, cards), list[_Counter](), list[int]()
    steps = {row.card_id: key_of(batch, row, "level") for row in rows if row.stood}
    moved = moved_since(batch, steps)
    for row in rows:
        card = cards[row.card_id or 0]
        row.state, row.kept_because = RowState.KEPT, _used(batch, row, card)
        row.kept_because = row.kept_because or ("level" if row.card_id in moved else "")
        if row.kept_because:
            continue
        row.state = RowState.UNDONE
        counters += [_Counter(row, card, entry) for entry in opened.pop(card.pk, [])]
        if row.made_card:
            card.state = CardState.CLOSED
            closed.append(card.pk)
    written = post_many([one.step(batch) for one in counters])
    for one, entry in zip(counters, written, strict=True):
        one.tell(entry)
    Card.objects.filter(pk__in=closed).update(state=CardState.CLOSED)
    fallen = [(row, key_of(batch, row, "level:back")) for row in rows if row.stood and not row.kept_because]
    take_levels_back(batch, fallen, timezone.now())


def _write_down(rows: list[ImportRow]) -> None:
    """Few ends, one statement for each: a bulk update pays for every row and field."""
    ends: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        ends.setdefault((row.state, row.kept_because), []).append(row.pk)
    for (state, because), keys in ends.items():
        ImportRow.objects.filter(pk__in=keys).update(state=state, kept_because=because)


def _openings(batch: MemberImport, cards: Iterable[int]) -> dict[int, list[Entry]]:
    """Card → what the import put on it and still stands."""
    found: dict[int, list[Entry]] = {}
    standing = Entry.objects.filter(
        account__card__in=list(cards), kind=EntryKind.OPENING, document=batch.document, reversed_by=None
    )
    for entry in standing.select_related("account").order_by("pk"):
        found.setdefault(entry.account.card_id, []).append(entry)
    return found


def _used(batch: MemberImport, row: ImportRow, card: Card) -> str:
    if row.moved:  # type: ignore[attr-defined]
        return "used"
    visited = card.customer.last_visit_at
    if visited and batch.confirmed_at and visited >= batch.confirmed_at:
        return "visited"
    return "changed" if card.state != CardState.ACTIVE else ""


@dataclass(frozen=True)
class _Counter:
    """One entry of the import on its way to be taken back."""

    row: ImportRow
    card: Card
    entry: Entry

    @property
    def kind(self) -> ValueKind:
        return ValueKind(self.entry.account.kind)

    def step(self, batch: MemberImport) -> tuple[Posting, ValueKind]:
        asked = Posting(
            card=self.card,
            amount=-self.entry.amount,
            kind=EntryKind.REVERSED,
            key=key_of(batch, self.row, f"{self.kind}:back"),
            moment=timezone.now(),
            by_id=batch.undone_by_id,
            document=batch.document,
            reverses=self.entry,
        )
        return asked, self.kind

    def tell(self, written: Entry) -> None:
        if self.card.customer.user_id and self.kind == ValueKind.POINTS:
            publish(
                PointsAdjusted(
                    card_id=self.card.pk,
                    merchant_id=self.card.merchant_id,
                    entry_id=written.pk,
                    points=written.amount,
                    reason=str(_("The shop took an import of old balances back.")),
                )
            )


@transaction.atomic
def _finish(batch_id: int, running: Running) -> None:
    batch = MemberImport.objects.locked().select_related("merchant").get(pk=batch_id)
    if batch.state == ImportState.UNDOING and batch.job_id == running.job.pk:
        batch.state, batch.after = ImportState.UNDONE, held_by_all(batch.merchant)
        batch.save(update_fields=["state", "after"])


def forget_imports(moment: datetime) -> int:
    """After thirty days files and rows are gone; what was written to cards stays, with its entries."""
    old = MemberImport.objects.to_forget(moment)
    ImportRow.objects.filter(batch__in=old).exclude(sealed__isnull=True).update(sealed=None)
    return old.update(content=None)
