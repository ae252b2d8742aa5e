"""The rows that could not be taken, as a workbook to mend and upload again."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from loyalty.importing.cells import as_text, reason_in_words
from loyalty.importing.files import Row
from loyalty.importing.judging import cells_in
from loyalty.models import ImportRow, MemberImport
from portal.kernel.sheets import workbook


def rows_to_mend(batch: MemberImport, heading: Row) -> bytes:
    """In the order of the file, each with its reasons in front; the heading is the file's own."""
    names = [as_text(cell, 500) for cell in heading]
    rows = ImportRow.objects.filter(batch=batch).to_mend().exclude(sealed__isnull=True)
    body = ([row_says(row), str(row.number), *cells_in(row.sealed or "")] for row in rows.iterator())
    return workbook(_("To mend"), [_("What is wrong"), _("Row"), *names], body)


def row_says(row: ImportRow) -> str:
    return " ".join(reason_in_words(code, values) for code, values in row.reasons)


def sample_of_mending(batch: MemberImport, most: int = 5) -> Iterator[tuple[int, str]]:
    """The first of them, for the page: row and reasons."""
    rows: Any = ImportRow.objects.filter(batch=batch).to_mend()[:most]
    yield from ((row.number, row_says(row)) for row in rows)
