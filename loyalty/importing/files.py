"""A member list as a table: CSV in the usual encodings, or a sheet of an Excel workbook.

Files come from outside. A workbook is a zip of XML: it is looked into before anything is unpacked, so
that a small file can't become a huge one, and read row by row without formulas being worked out.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from portal.kernel.refused import Refused

Cell = str | int | float | bool | datetime | date | None
Row = list[Cell]

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_BLANKS = 50_000  # rows a workbook claims to have without anything in them
MOST_COLUMNS = 60
LONGEST_CELL = 500
MOST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 1_000
DELIMITERS = ",;\t|"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also what Excel makes of a workbook with a password
ZIP = b"PK\x03\x04"


class Unreadable(Refused):
    sentence = _("This file can't be read. Save it as an Excel workbook (.xlsx) or as CSV and try again.")


class TooLarge(Unreadable):
    sentence = _("The file is larger than 5 MB. Leave out pictures and other sheets, or split it.")


class TooManyRows(Unreadable):
    sentence = _("The file has more than 20,000 rows. Split it and import the parts one after the other.")


class Nothing(Unreadable):
    sentence = _("The file holds no rows.")


class OldFormat(Unreadable):
    sentence = _(
        "This is an old Excel file (.xls) or one with a password. Open it, save it as .xlsx without a"
        " password, and try again."
    )


class Swollen(Unreadable):
    sentence = _("This workbook unpacks to far more than a member list needs. Save it anew as CSV.")


class OddText(Unreadable):
    sentence = _("This is neither a workbook nor text in UTF-8 or GB18030. Save it as .xlsx or CSV.")


class LongCell(Unreadable):
    sentence = _("Row %(row)d holds a cell of more than 500 characters. A quotation mark may be missing.")


@dataclass(frozen=True)
class Table:
    """``rows`` as they stand in the file, blank ones too, so that row 7 is ``rows[6]``."""

    rows: list[Row]
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_table(content: bytes, sheet: str = "") -> Table:
    """The table in a file; ``sheet`` names one of a workbook's (default: the first with something in it)."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if content.startswith(OLD_EXCEL):
        raise OldFormat
    table = _workbook(content, sheet) if content.startswith(ZIP) else Table(_checked(_lines(content)))
    if not any(_filled(row) for row in table.rows):
        raise Nothing
    return table


def _filled(row: Row) -> bool:
    return any(cell not in (None, "") for cell in row)


def _checked(rows: Iterable[Row]) -> list[Row]:
    """Within the limits, without blank rows at the end."""
    kept: list[Row] = []
    filled = 0
    for number, row in enumerate(rows, 1):
        if number - filled > MOST_BLANKS or filled > MOST_ROWS:
            raise TooManyRows
        cells = row[:MOST_COLUMNS]
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
            raise LongCell(row=number)
        filled += _filled(cells)
        kept.append(cells)
    while kept and not _filled(kept[-1]):
        kept.pop()
    return kept


def _workbook(content: bytes, wanted: str) -> Table:
    _look_inside(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        names = tuple(str(name) for name in book.sheetnames if hasattr(book[name], "iter_rows"))
        first = Table([])
        for name in (wanted,) if wanted in names else names:
            page = book[name]
            page.reset_dimensions()  # what the file says of its own size is not believed
            table = Table(_checked(_cells(page)), name, names)
            if table.rows:
                return table
            first = first if first.sheet else table
        return first
    except Refused:
        raise
    except (ParseError, DefusedXmlException, zipfile.BadZipFile, KeyError, ValueError, TypeError) as fault:
        raise Unreadable from fault
    except (AttributeError, IndexError, EOFError, OSError, NotImplementedError) as fault:
        raise Unreadable from fault


def _cells(page: object) -> Iterator[Row]:
    for row in page.iter_rows(max_col=MOST_COLUMNS, values_only=True):  # type: ignore[attr-defined]
        yield [_plain(cell) for cell in row]


def _plain(cell: object) -> Cell:
    if cell is None or isinstance(cell, str | int | float | bool | datetime | date):
        return cell.strip() if isinstance(cell, str) else cell
    return str(cell)


def _look_inside(content: bytes) -> None:
    """Sizes are those of the directory; the unpacker reads no further than they say."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as fault:
        raise Unreadable from fault
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Swollen
    if any(part.flag_bits & 1 for part in parts):
        raise OldFormat


def _lines(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for line in lines:
            yield [cell.strip() for cell in line]
    except csv.Error as fault:
        raise LongCell(row=lines.line_num) from fault


def _decoded(content: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return _sound(content, encoding)
    try:
        return _sound(content, "utf-8-sig")
    except OddText:
        return _sound(content, "gb18030")


def _sound(content: bytes, encoding: str) -> str:
    """The text, unless it holds what no table has: control characters or code points of nobody's."""
    try:
        text = content.decode(encoding)
    except UnicodeError as fault:
        raise OddText from fault
    if any((char < " " and char not in "\t\r\n\x0b\x0c") or "\ue000" <= char <= "\uf8ff" for char in text):
        raise OddText
    return text


def _delimiter(text: str) -> str:
    """The mark that cuts the first lines into the most columns, the same number in most of them."""
    sample = text[:20_000].splitlines()[:30]

    def cuts(mark: str) -> tuple[int, int]:
        widths = [len(cells) for cells in csv.reader(sample, delimiter=mark) if len(cells) > 1]
        usual = max(set(widths), key=widths.count, default=1)
        return widths.count(usual), usual

    return max(DELIMITERS, key=cuts)
