"""Tables for spreadsheets, safe to open: no cell of ours is ever calculated."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: What makes a spreadsheet calculate a text (https://owasp.org/www-community/attacks/CSV_Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Line by line, the first with the mark by which Excel knows UTF-8. Numbers stay numbers."""
    yield "\ufeff" + _line(head)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([defused(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()
