"""What a file of old cases seems to say: which column is what, and which of our reasons its words mean."""

import zlib
from collections import Counter
from dataclasses import dataclass

from complaints.importing.columns import guessed
from complaints.models import CaseFile
from complaints.reasons.tree import Tree
from loyalty.importing.cells import as_text
from loyalty.importing.files import MOST_BYTES, Table, Unreadable, read_table
from merchants.importing.reading import GZIP

WORDS_SHOWN = 40  # words of the file, the most frequent; the others mean "something else"
OTHER = "other"


def unpacked(content: bytes) -> bytes:
    """A gzipped file is opened as far as the reader takes it."""
    if not content.startswith(GZIP):
        return content
    reader = zlib.decompressobj(wbits=31)
    try:
        return reader.decompress(content, MOST_BYTES + 1)
    except zlib.error as fault:
        raise Unreadable from fault


@dataclass(frozen=True)
class Sighted:
    """The table of a file, with the columns that were chosen before."""

    table: Table
    chosen: dict[str, str]

    @property
    def headings(self) -> list[str]:
        return [name for cell in self.table.rows[0] if (name := str(cell or "").strip())]

    @property
    def columns(self) -> dict[str, str]:
        """Our field → heading: as chosen, else as far as the usual words are found."""
        return self.chosen or guessed(self.table.rows[0], {}).headings

    def words(self) -> list[tuple[str, int]]:
        """What the column of reasons says, or else that of categories: the most frequent first."""
        heading = self.columns.get("reason") or self.columns.get("category")
        if heading not in self.headings:
            return []
        place = [str(cell or "").strip() for cell in self.table.rows[0]].index(heading)
        said = Counter(as_text(row[place], 80) for row in self.table.rows[1:] if place < len(row))
        said.pop("", None)
        return said.most_common(WORDS_SHOWN)


def sighted(file: CaseFile) -> Sighted:
    return Sighted(read_table(bytes(file.content)), file.columns)


def meant(word: str, tree: Tree) -> str:
    """The reason of that code or name, in either language; else something else."""
    plain = word.strip().casefold()
    for code, reason in tree.of_code.items():
        if plain in (code, reason.name_zh.casefold(), reason.name_en.casefold()):
            return code
    return OTHER
