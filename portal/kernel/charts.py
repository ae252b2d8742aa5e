"""Column charts as numbers ready to be drawn: see templates/cotton/chart.html."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, TOP, BOTTOM = 360, 14, 112
LABELS = 6  # under the columns; more wouldn't be read on a phone


@dataclass(frozen=True)
class Column:
    """One column. Coordinates are texts, so that no language writes them with a comma."""

    label: str
    count: int
    said: str  # the count in words: money, say
    left: str
    top: str
    width: str
    height: str
    middle: str
    is_labelled: bool


@dataclass(frozen=True)
class Chart:
    caption: str
    columns: list[Column]
    most: int

    @property
    def says(self) -> str:
        """For who can't see it: the same numbers."""
        return ", ".join(f"{column.label}: {column.said}" for column in self.columns)


def chart(caption: str, counted: Sequence[tuple[str, int]], said: Callable[[int], str] = str) -> Chart:
    most = max((count for _label, count in counted), default=0)
    wide = WIDTH / max(len(counted), 1)
    every = -(-len(counted) // LABELS) or 1
    columns = [
        _column(place, label, count, said(count), wide, most, every)
        for place, (label, count) in enumerate(counted)
    ]
    return Chart(caption, columns, most)


def _column(place: int, label: str, count: int, said: str, wide: float, most: int, every: int) -> Column:
    high = (BOTTOM - TOP) * count / most if most else 0.0
    return Column(
        label=label,
        count=count,
        said=said,
        left=f"{place * wide + wide * 0.1:.2f}",
        top=f"{BOTTOM - high:.2f}",
        width=f"{wide * 0.8:.2f}",
        height=f"{high:.2f}",
        middle=f"{(place + 0.5) * wide:.2f}",
        is_labelled=place % every == 0,
    )
