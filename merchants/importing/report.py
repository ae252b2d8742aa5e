"""What an import did, and which rows it turned away, for whom to mend them."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.kernel.sheets import defused


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that was refused, or taken with something left out (``refused`` False)."""

    line: int
    row: int
    source_id: str
    name: str
    reason: Any
    refused: bool = True


@dataclass
class Report:
    """Counts of one import; ``troubles`` in the order of the file."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    claimed: int = 0  # belongs to a merchant by now: its owner's word counts, not the file's
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def refused(self) -> list[Trouble]:
        return [trouble for trouble in self.troubles if trouble.refused]

    @property
    def noted(self) -> list[Trouble]:
        return [trouble for trouble in self.troubles if not trouble.refused]

    def reasons(self) -> Counter[str]:
        return Counter(str(trouble.reason) for trouble in self.refused)

    def write(self, path: Path) -> None:
        """All troubles as a sheet; cells that a spreadsheet would calculate are defused."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(self.rows())

    def rows(self) -> Iterator[list[Any]]:
        yield ["line", "row", "id", "name", "refused", "reason"]
        for trouble in self.troubles:
            yield [
                trouble.line,
                trouble.row,
                defused(trouble.source_id),
                defused(trouble.name),
                "yes" if trouble.refused else "no",
                defused(str(trouble.reason)),
            ]
