"""Print-ready sheets: many pieces of one size on A4, with bleed and crop marks, as PDF.

What is printed reaches over a piece's edge (the bleed), so that a knife that slips shows no white.
"""

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from pypdf import PdfWriter

from merchants.sheets import made_of
from portal.kernel.codes import code_url, qr_svg

PAGE_WIDTH, PAGE_HEIGHT = 210, 297  # A4, millimetres
SHEETS_AT_ONCE = 10
Told = Callable[[int], None]


@dataclass(frozen=True)
class Grid:
    """How pieces lie on a sheet, in millimetres. ``width`` and ``height`` are of the trimmed piece."""

    width: float
    height: float
    bleed: float
    columns: int
    rows: int
    gap: float  # between the bleeds of neighbours

    @property
    def on_sheet(self) -> int:
        return self.columns * self.rows

    @property
    def at_once(self) -> int:
        """So many pieces are laid out together: all pages of a large batch at once would be a gigabyte."""
        return self.on_sheet * SHEETS_AT_ONCE

    def corner(self, place: int) -> tuple[float, float]:
        """Left and top of the trimmed piece at that place, from the page's corner."""
        wide, high = self.width + 2 * self.bleed, self.height + 2 * self.bleed
        left = (PAGE_WIDTH - self.columns * wide - (self.columns - 1) * self.gap) / 2
        top = (PAGE_HEIGHT - self.rows * high - (self.rows - 1) * self.gap) / 2
        across, down = place % self.columns, place // self.columns
        return left + across * (wide + self.gap) + self.bleed, top + down * (high + self.gap) + self.bleed


def svg(box: str, inside: str, *, fits: str) -> SafeString:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" preserveAspectRatio="{fits}">'
    return mark_safe(f"{head}{inside}</svg>")  # noqa: S308 - digits, numbers and drawings of ours


@lru_cache(maxsize=8)
def crop_marks(grid: Grid) -> SafeString:
    """Hair lines outside the bleed of every piece, where the knife goes; no longer than they have room."""
    lines, long = [], min(2.5, grid.gap / 2)
    for place in range(grid.on_sheet):
        left, top = grid.corner(place)
        for x, outward in ((left, -1), (left + grid.width, 1)):
            for y, up in ((top, -1), (top + grid.height, 1)):
                edge_x, edge_y = x + outward * grid.bleed, y + up * grid.bleed
                lines.append(f"M{edge_x:.2f} {y:.2f}h{outward * long}M{x:.2f} {edge_y:.2f}v{up * long}")
    drawing = f'<path d="{"".join(lines)}" fill="none" stroke="#000" stroke-width="0.1"/>'
    return svg(f"0 0 {PAGE_WIDTH} {PAGE_HEIGHT}", drawing, fits="none")


def square(token: str) -> SafeString:
    """The code's square as large as the sheet's style says, for a size of its own would win over that."""
    drawn = qr_svg(code_url(token), print_quality=True)
    return mark_safe(re.sub(r' (?:width|height)="[\d.]+mm"', "", drawn, count=2))  # noqa: S308 - ours


def printable(text: str) -> str:
    """Without emoji: the fonts inside a sheet have no such signs, and boxes in their place look broken."""
    return " ".join("".join(" " if _is_emoji(char) else char for char in text).split())


def _is_emoji(char: str) -> bool:
    return char in "\ufe0f\u200d\u20e3" or (char >= "\u2190" and unicodedata.category(char) in ("So", "Sk"))


def bound(
    parts: Iterable[tuple[str, int]], *, look: str, told: Told, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """One PDF of all parts, each its HTML and how many pieces are done with it, which ``told`` hears."""
    whole = PdfWriter()
    for html, done in parts:
        whole.append(io.BytesIO(made_of(html, look, pictures=pictures)))
        told(done)
    out = io.BytesIO()
    whole.write(out)
    return out.getvalue()
