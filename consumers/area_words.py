"""Usual areas in words and as a small map: drawn on the server, so that no map provider learns of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consumers.areas import Area, areas
from consumers.cells import STEP, Cell, eighth_of, metres_between
from consumers.models import AreaCell
from portal.kernel.distances import distance

EIGHTHS = (
    gettext_lazy("north"),
    gettext_lazy("north-east"),
    gettext_lazy("east"),
    gettext_lazy("south-east"),
    gettext_lazy("south"),
    gettext_lazy("south-west"),
    gettext_lazy("west"),
    gettext_lazy("north-west"),
)
SIDE = 20  # of a square on the drawn map
MOST_WIDE = 40  # squares: who also buys in another city gets a list, and the map of the place with most
NEARLY_THERE = 350  # metres: a square around the area's own point is called by its name alone


@dataclass(frozen=True)
class Shown:
    """One square as the page shows it."""

    row: AreaCell
    number: int
    words: str
    strength: int  # 1 to 4

    @property
    def cell(self) -> Cell:
        return self.row.cell


def shown(rows: Sequence[AreaCell]) -> list[Shown]:
    strongest = max((row.weight for row in rows), default=0) or 1
    return [
        Shown(
            row, number, words_for(row.cell), 4 if row.is_own else 1 + min(3, int(4 * row.weight / strongest))
        )
        for number, row in enumerate(rows, 1)
    ]


def words_for(cell: Cell) -> str:
    """``About 1.2 km north-east of Changshu Road``"""
    area = min(areas(), key=lambda one: metres_between((one.lat, one.lon), cell.centre))
    far = metres_between((area.lat, area.lon), cell.centre)
    if far < NEARLY_THERE:
        return _("Around %(area)s") % {"area": area.name}
    facts = {"far": distance(round(far, -2)), "area": area.name}
    facts["direction"] = str(EIGHTHS[eighth_of((area.lat, area.lon), cell.centre)])
    return _("About %(far)s %(direction)s of %(area)s") % facts


def drawn(squares: Sequence[Shown]) -> dict[str, Any] | None:
    """Positions for the drawing, north up; None when there is nothing to draw."""
    if not squares:
        return None
    first = squares[0].cell
    near = [one for one in squares if _is_near(one.cell, first)]
    rows = [one.cell.row for one in near]
    columns = [_column(one.cell, first) for one in near]
    top, left = max(rows) + 2, min(columns) - 2
    width, height = max(columns) - left + 3, top - min(rows) + 3
    return {
        "width": width * SIDE,
        "height": height * SIDE,
        "side": SIDE,
        "squares": [
            {"x": (column - left) * SIDE, "y": (top - one.cell.row) * SIDE, "shown": one}
            for one, column in zip(near, columns, strict=True)
        ],
        "places": [place for area in areas() if (place := _place(area, first, top, left, width, height))],
        "left_out": len(squares) - len(near),
    }


def _column(cell: Cell, first: Cell) -> int:
    """In the columns of the first square's row, so that squares of other rows stand where they are."""
    return round(cell.centre[1] / first.width - 0.5)


def _is_near(cell: Cell, first: Cell) -> bool:
    half = MOST_WIDE // 2
    return abs(cell.row - first.row) < half and abs(_column(cell, first) - first.column) < half


def _place(area: Area, first: Cell, top: int, left: int, width: int, height: int) -> dict[str, Any] | None:
    x = (area.lon / first.width - left) * SIDE
    y = (top + 1 - area.lat / STEP) * SIDE
    inside = 0 <= x <= width * SIDE and SIDE <= y <= height * SIDE
    return {"x": round(x), "y": round(y), "name": area.name} if inside else None
