"""Rows of old cases: judged one by one, each refused row with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from complaints.importing.columns import Columns
from complaints.reasons.tree import Tree
from loyalty.importing.cells import as_text
from loyalty.importing.files import Cell, Table
from merchants.importing.report import Report, Trouble

OTHER = "other"
WORDS = {
    "number": _("The row has no number of its own."),
    "filed": _("“%(said)s” is no time. Write it as 2025-02-28 23:01."),
    "order": _("It ended before it began."),
    "future": _("“%(said)s” lies in the future."),
    "twice": _("The same number stands in row %(row)s with other values."),
    "merchant": _("No merchant has the address “%(said)s”."),
}


class Unusable(Exception):
    """The row can't be taken; the text says why."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(str(WORDS[code]) % values)


@dataclass(frozen=True)
class OldCase:
    """What a row says, ready to be kept."""

    number: str
    filed_at: datetime
    ended_at: datetime | None
    reason_id: str
    category: str
    about: str
    area: str
    merchant_id: int | None
    time_zone: str


@dataclass(frozen=True)
class Reading:
    """How the cells of this file are understood."""

    columns: Columns
    zone: ZoneInfo
    reasons: Mapping[str, str]  # a word of the file → one of ours
    tree: Tree
    merchants: Mapping[str, int]  # slug → key
    now: datetime


def read_cases(table: Table, reading: Reading, report: Report) -> list[OldCase]:
    """Every usable row below the heading, each number once; the others stand in the report."""
    kept: dict[str, tuple[int, OldCase]] = {}
    for row, cells in enumerate(table.rows[1:], 2):
        if not any(cell not in (None, "") for cell in cells):
            continue
        report.read += 1
        try:
            case = _case(cells, reading)
            row_before, before = kept.setdefault(case.number, (row, case))
            if before != case:
                raise Unusable("twice", row=row_before)
            report.unchanged += row_before != row  # the same row once more
        except Unusable as fault:
            number = as_text(reading.columns.cell(cells, "number"))  # type: ignore[arg-type]
            report.troubles.append(Trouble(row, row, number, "", str(fault)))
    return [case for _row, case in kept.values()]


def _case(cells: list[Cell], reading: Reading) -> OldCase:
    def text(name: str, most: int) -> str:
        return as_text(reading.columns.cell(cells, name), most)  # type: ignore[arg-type]

    number = text("number", 40)
    if not number:
        raise Unusable("number")
    filed = _moment(reading.columns.cell(cells, "filed"), reading)
    ended = _moment(reading.columns.cell(cells, "ended"), reading, may_lack=True)
    if filed is None:
        raise Unusable("filed", said="")
    if ended and ended < filed:
        raise Unusable("order")
    return OldCase(
        number=number,
        filed_at=filed,
        ended_at=ended,
        reason_id=_reason(text("reason", 80) or text("category", 80), reading),
        category=text("category", 80),
        about=text("about", 120),
        area=text("area", 80),
        merchant_id=_merchant(text("merchant", 80), reading),
        time_zone=reading.zone.key,
    )


def _moment(cell: object, reading: Reading, *, may_lack: bool = False) -> datetime | None:
    """A wall-clock time of the file's own zone, unless it says its offset."""
    if may_lack and cell in (None, ""):
        return None
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime.combine(cell, time())
    said = str(cell or "")[:40]
    try:
        found = cell if isinstance(cell, datetime) else parse_datetime(said) or datetime.fromisoformat(said)
    except ValueError:
        raise Unusable("filed", said=said) from None
    found = (found if found.tzinfo else found.replace(tzinfo=reading.zone)).astimezone(UTC)
    if found > reading.now:
        raise Unusable("future", said=said)
    return found


def _reason(said: str, reading: Reading) -> str:
    """As mapped; our own word for it; anything else is something else."""
    if said in reading.reasons:
        return reading.reasons[said]
    return said if said in reading.tree else OTHER


def _merchant(slug: str, reading: Reading) -> int | None:
    if not slug:
        return None
    if slug not in reading.merchants:
        raise Unusable("merchant", said=slug)
    return reading.merchants[slug]
