"""Reads a merchant's invoices from a CSV of their lines, as they are: with returns, slips and dirt.

The columns are those of UCI's "Online Retail": ``InvoiceNo``, ``Quantity`` (negative: came back),
``InvoiceDate``, ``UnitPrice`` (decimal), ``CustomerID`` (may be empty), ``Description``. A pure reader.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class Line:
    """``amount`` in minor units for the whole quantity; below zero for what came back."""

    said: str
    quantity: int
    amount: int


@dataclass(frozen=True)
class Invoice:
    """``customer``: empty for somebody unknown. ``amount``: below zero when goods came back."""

    number: str
    customer: str
    moment: datetime
    lines: tuple[Line, ...]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass
class Journal:
    """What a file holds that a counter can play, and how many invoices were left out, by reason."""

    invoices: list[Invoice] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_journal(path: Path, exponent: int, most: int) -> Journal:
    """Every invoice of the file. ``exponent``: of the currency's minor unit; ``most``: the largest bill."""
    with _opened(path) as rows:
        return journal_of(csv.DictReader(rows), exponent, most)


def journal_of(rows: Iterable[dict[str, str]], exponent: int, most: int) -> Journal:
    """In the order of their first lines; the lines of one invoice may stand apart."""
    journal, by_number = Journal(), dict[str, list[dict[str, str]]]()
    for row in rows:
        by_number.setdefault(row["InvoiceNo"], []).append(row)
    for number, lines in by_number.items():
        invoice = _invoice(number, lines, exponent)
        if reason := _unplayable(invoice, most):
            journal.left_out[reason] += 1
        else:
            journal.invoices.append(invoice)
    return journal


def _unplayable(invoice: Invoice, most: int) -> str:
    if not invoice.amount:
        return "worth nothing"
    if abs(invoice.amount) > most:
        return "more than a counter takes"
    if len({line.amount > 0 for line in invoice.lines if line.amount}) > 1:
        return "sold and taken back in one"
    return ""


def _invoice(number: str, rows: list[dict[str, str]], exponent: int) -> Invoice:
    moment = datetime.strptime(rows[0]["InvoiceDate"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    lines = tuple(_line(row, exponent) for row in rows)
    return Invoice(number, rows[0]["CustomerID"], moment, lines)


def _line(row: dict[str, str], exponent: int) -> Line:
    """Rounded half up once, for the whole quantity: the file has prices of three decimals."""
    quantity = int(row["Quantity"])
    exact = Decimal(row["UnitPrice"]) * quantity * 10**exponent
    amount = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Line(row["Description"].strip()[:80], quantity, amount)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")
