"""From the cells of a table to members, with everything that is wrong with a row said at once."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from loyalty.importing.cells import Bad, as_day, as_money, as_phone, as_points, as_text
from loyalty.importing.files import Cell, Row, Table
from loyalty.importing.headers import Field

Reason = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Facts:
    """What a row says of a member. Money in minor units, days in ISO."""

    phone: str = ""
    name: str = ""
    number: str = ""
    points: int = 0
    principal: int = 0
    bonus: int = 0
    joined: str = ""
    birthday: str = ""
    level: str = ""

    def worth(self, kind: str) -> int:
        return int(getattr(self, kind))


@dataclass(frozen=True)
class Read:
    """One filled row of the file, as it stands there and as it was understood."""

    number: int  # as the spreadsheet counts, from 1
    cells: list[str]
    facts: Facts
    reasons: list[Reason] = field(default_factory=list)

    def sealed(self) -> str:
        return json.dumps({"cells": self.cells, "facts": asdict(self.facts)}, ensure_ascii=False)


def facts_in(sealed: str) -> Facts:
    return Facts(**json.loads(sealed)["facts"])


def cells_in(sealed: str) -> list[str]:
    return list(json.loads(sealed)["cells"])


def read_members(
    table: Table, *, header: int, mapping: dict[str, int], region: str, today: date
) -> list[Read]:
    """Every filled row below the heading; doubles within the file are told from each other's rows."""
    found = [
        _read(number, row, mapping, region, today)
        for number, row in enumerate(table.rows[header + 1 :], header + 2)
        if any(cell not in (None, "") for cell in row)
    ]
    return list(_apart(found))


def _read(number: int, row: Row, mapping: dict[str, int], region: str, today: date) -> Read:
    values: dict[str, Any] = {}
    reasons: list[Reason] = []
    for name, column in mapping.items():
        try:
            values[name] = _value(name, row[column] if column < len(row) else None, region, today)
        except Bad as bad:
            reasons.append((bad.code, bad.values))
    facts = Facts(**values)
    if (
        not facts.phone
        and not facts.number
        and not any(code in ("phone", "shortened") for code, _v in reasons)
    ):
        reasons.append(("nobody", {}))
    return Read(number, [as_text(cell, 500) for cell in row], facts, reasons)


def _value(name: str, cell: Cell, region: str, today: date) -> Any:
    if name == Field.PHONE:
        return as_phone(cell, region)
    if name == Field.POINTS:
        return as_points(cell)
    if name in ("principal", "bonus"):
        return as_money(cell)
    if name in (Field.JOINED, Field.BIRTHDAY):
        day = as_day(cell, today=today)
        return day.isoformat() if day else ""
    return as_text(cell, 40)


def _apart(rows: list[Read]) -> Iterator[Read]:
    """Rows that name the same person: word for word the same is one, anything else is asked about."""
    same: dict[tuple[str, str], list[Read]] = {}
    for row in rows:
        for mark in _marks(row):
            same.setdefault(mark, []).append(row)
    for row in rows:
        others = [other for mark in _marks(row) for other in same[mark] if other.number != row.number]
        yield replace(row, reasons=[*row.reasons, *_double(row, others)])


def _double(row: Read, others: list[Read]) -> list[Reason]:
    for other in others:
        if other.facts != row.facts:
            return [("twice", {"row": other.number})]
    earlier = [other for other in others if other.number < row.number]
    return [("again", {"row": earlier[0].number})] if earlier else []


def _marks(row: Read) -> list[tuple[str, str]]:
    marks = [("phone", row.facts.phone), ("number", row.facts.number)]
    return [mark for mark in marks if mark[1]]
