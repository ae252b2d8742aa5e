"""Coarse squares of about 500 metres over the globe: as exactly as the portal ever keeps where somebody goes.

Rows are 0.0045 degrees of latitude (some 500 m) high; the columns of each row are as wide as that row needs
to be square, so that a cell is never smaller where the meridians draw together.
"""

import math
import re
from typing import NamedTuple

STEP = 0.0045  # degrees of latitude: 500.4 m on the sphere
METRES_PER_DEGREE = 111_195
TYPED = re.compile(r"(-?\d{1,5}):(-?\d{1,5})", re.ASCII)


class Cell(NamedTuple):
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.row}:{self.column}"

    @property
    def width(self) -> float:
        """Degrees of longitude."""
        return width_of(self.row)

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return (self.row + 0.5) * STEP, (self.column + 0.5) * self.width


def width_of(row: int) -> float:
    middle = min(abs((row + 0.5) * STEP), 89.0)  # at the poles a column would be the whole circle
    return STEP / math.cos(math.radians(middle))


def cell_of(lat: float, lon: float) -> Cell:
    row = math.floor(lat / STEP)
    return Cell(row, math.floor(lon / width_of(row)))


def read_cell(text: str) -> Cell | None:
    """``6939:23061`` as it is printed; None for anything else."""
    found = TYPED.fullmatch(text.strip()[:20])
    return Cell(int(found[1]), int(found[2])) if found else None


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Over the few kilometres of a town the flat formula is right to a metre."""
    north = (other[0] - one[0]) * METRES_PER_DEGREE
    east = (other[1] - one[1]) * METRES_PER_DEGREE * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east)


def eighth_of(one: tuple[float, float], other: tuple[float, float]) -> int:
    """In which direction the other lies: 0 north, 1 north-east … 7 north-west."""
    east = (other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return round(math.degrees(math.atan2(east, other[0] - one[0])) / 45) % 8
