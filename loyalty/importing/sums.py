"""Whether the file and the ledger say the same: what was to come, what came, and what the shop owes now."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from loyalty.importing.matching import KINDS
from loyalty.models import Entry, EntryKind, ImportRow, Level, MemberImport, Outcome, RowState


@dataclass(frozen=True)
class Sums:
    """Of one kind of value; points, or money in minor units."""

    kind: str
    file: int  # all readable rows
    mend: int  # of these, in rows that need mending
    left_out: int  # of these, on cards that an earlier import had opened
    due: int  # what the rows to be brought in bring
    ledger: int  # what the import's entries brought
    back: int  # and what was taken back again
    before: int
    after: int | None

    @property
    def agrees(self) -> bool:
        return self.due == self.ledger

    @property
    def is_money(self) -> bool:
        return self.kind != "points"

    @property
    def meanwhile(self) -> int:
        """What tills moved while the import ran."""
        return (self.after or 0) - self.before - self.ledger + self.back


def sums_of(batch: MemberImport) -> list[Sums]:
    """For each kind of value that the file brings at all."""
    rows = ImportRow.objects.filter(batch=batch)
    asked = {}
    for kind in KINDS:
        asked[f"{kind}_file"] = Sum(kind, default=0)
        asked[f"{kind}_mend"] = Sum(kind, default=0, filter=Q(outcome=Outcome.BAD))
        asked[f"{kind}_left"] = Sum(kind, default=0, filter=Q(outcome=Outcome.KNOWN))
        asked[f"{kind}_due"] = Sum(kind, default=0, filter=Q(outcome__in=[Outcome.NEW, Outcome.CHANGE]))
    told = rows.aggregate(**asked)
    ledger = _entries(batch)
    return [_sums(batch, kind, told, ledger) for kind in KINDS if told[f"{kind}_file"]]


def levels_of(batch: MemberImport) -> list[tuple[Level, int]]:
    """How many members the import lifts, or has lifted, to which level."""
    rows = ImportRow.objects.filter(batch=batch, rank__gt=0, outcome__in=[Outcome.NEW, Outcome.CHANGE])
    counts = dict(rows.order_by().values_list("rank").annotate(number=Count("pk")))
    if not counts:
        return []
    levels = Level.objects.filter(programme__merchant=batch.merchant_id, rank__in=counts).order_by("rank")
    return [(level, counts[level.rank]) for level in levels]


def _sums(batch: MemberImport, kind: str, told: dict[str, int], ledger: dict[tuple[str, str], int]) -> Sums:
    return Sums(
        kind=kind,
        file=told[f"{kind}_file"],
        mend=told[f"{kind}_mend"],
        left_out=told[f"{kind}_left"],
        due=told[f"{kind}_due"],
        ledger=ledger.get((kind, EntryKind.OPENING), 0),
        back=-ledger.get((kind, EntryKind.REVERSED), 0),
        before=batch.before.get(kind, 0),
        after=batch.after.get(kind, 0) if batch.after else None,
    )


def _entries(batch: MemberImport) -> dict[tuple[str, str], int]:
    """From the rows to their cards' accounts: entries are indexed by account, not by document."""
    cards = ImportRow.objects.filter(batch=batch).exclude(state=RowState.WAITING).values("card")
    ours = Entry.objects.filter(account__card__in=cards, document=batch.document)
    found = ours.order_by().values_list("account__kind", "kind").annotate(total=Sum("amount"))
    return {(kind, how): int(total) for kind, how, total in found}
