"""Print-ready sheets of member cards: A4, eight cards with bleed and crop marks, fronts before backs.

A card is 85.6 × 54 mm (ISO/IEC 7810 ID-1). What is printed reaches 3 mm over its edge, so that a knife
that slips shows no white. Every sheet of backs has its sheet of fronts before it: printed on both sides
they fit, for all fronts are the same.
"""

import io
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from barcode import Code128
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from pypdf import PdfWriter
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from loyalty.models import CardMedium, Layout
from loyalty.models.designs import Appearance
from merchants.models import Merchant
from merchants.photos import path_of
from merchants.sheets import NothingFromOutside
from portal.kernel.codes import code_url, qr_svg

WIDTH, HEIGHT, BLEED = 85.6, 54.0, 3.0  # millimetres
COLUMNS, ROWS, GAP = 2, 4, 6.0
ON_SHEET = COLUMNS * ROWS
SHEETS_AT_ONCE = 10
PICTURE = "card:picture"
Told = Callable[[int], None]


def bars(digits: str) -> SafeString:
    """Code 128 of the digits (ISO/IEC 15417, two in each symbol), with ten modules of quiet on each side."""
    modules = Code128(digits).build()[0]
    rects, at = [], 10
    for run in re.findall("1+|0+", modules):
        if run[0] == "1":
            rects.append(f"M{at} 0h{len(run)}v1h-{len(run)}z")
        at += len(run)
    return _svg(f"0 0 {at + 10} 1", f'<path d="{"".join(rects)}"/>', fits="none")


def _svg(box: str, inside: str, *, fits: str) -> SafeString:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" preserveAspectRatio="{fits}">'
    return mark_safe(f"{head}{inside}</svg>")  # noqa: S308 - digits, numbers and drawings of ours


def sheets_of(look: Appearance, merchant: Merchant, media: list[CardMedium], told: Told) -> bytes:
    """The PDF. ``told`` hears how many cards are done after every few sheets.

    Laid out and written some sheets at a time: all pages of a large batch at once would be a gigabyte.
    """
    pictures, front, whole = {PICTURE: _picture(look)}, _front(look, merchant), PdfWriter()
    for start in range(0, len(media), ON_SHEET * SHEETS_AT_ONCE):
        part = media[start : start + ON_SHEET * SHEETS_AT_ONCE]
        page = HTML(string=_html(look, merchant, part, front), url_fetcher=OnlyThese(pictures))
        fonts = FontConfiguration()
        style = [CSS(filename=finders.find("css/print/cards.css"), font_config=fonts)]
        whole.append(io.BytesIO(page.write_pdf(stylesheets=style, font_config=fonts) or b""))
        told(start + len(part))
    out = io.BytesIO()
    whole.write(out)
    return out.getvalue()


def _html(look: Appearance, merchant: Merchant, media: list[CardMedium], front: str) -> str:
    groups = [media[at : at + ON_SHEET] for at in range(0, len(media), ON_SHEET)]
    context = {
        "merchant": merchant,
        "look": look,
        "front": front,
        "marks": crop_marks(),
        "sheets": [[(place, _back(medium)) for place, medium in enumerate(group)] for group in groups],
    }
    return render_to_string("loyalty/print/sheets.html", context)


def _back(medium: CardMedium) -> dict[str, Any]:
    return {
        "medium": medium,
        "qr": qr_svg(code_url(medium.token), print_quality=True),
        "bars": bars(medium.number or ""),
    }


def _front(look: Appearance, merchant: Merchant) -> str:
    drawn = look.layout != Layout.FULL and look.pattern != "none"
    context = {
        "look": look,
        "merchant": merchant,
        "picture": PICTURE if look.picture_url else "",
        "pattern": pattern(look.pattern) if drawn else "",
    }
    return render_to_string("loyalty/print/front.html", context)


@lru_cache(maxsize=16)
def pattern(name: str) -> SafeString:
    """The drawing that screens show, as an SVG of its own."""
    drawings = Path(settings.ROOT, "static/covers/patterns.svg").read_text("utf-8")
    found = re.search(rf'<symbol id="{name}"[^>]*>(.*?)</symbol>', drawings, re.DOTALL)
    return _svg("0 0 1020 643", found[1] if found else "", fits="xMaxYMid slice")


def _picture(look: Appearance) -> bytes:
    if not look.picture_url:
        return b""
    with default_storage.open(path_of(look.cut, 1280)) as file:
        return bytes(file.read())


class OnlyThese(URLFetcher):
    """A sheet holds everything itself: nobody asks a network or a disk for more."""

    def __init__(self, pictures: dict[str, bytes]) -> None:
        super().__init__(fail_on_errors=True)
        self.pictures = pictures

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url in self.pictures:
            return URLFetcherResponse(url, self.pictures[url], {"Content-Type": "image/webp"})
        raise NothingFromOutside(url)


def corner(place: int) -> tuple[float, float]:
    """Left and top of the trimmed card at that place of the sheet, in millimetres from the page's corner."""
    wide, high = WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED
    left = (210 - COLUMNS * wide - (COLUMNS - 1) * GAP) / 2 + (place % COLUMNS) * (wide + GAP) + BLEED
    top = (297 - ROWS * high - (ROWS - 1) * GAP) / 2 + (place // COLUMNS) * (high + GAP) + BLEED
    return left, top


@lru_cache(maxsize=1)
def crop_marks() -> SafeString:
    """Hair lines outside the bleed of every card, where the knife goes."""
    lines = []
    for place in range(ON_SHEET):
        left, top = corner(place)
        for x, outward in ((left, -1), (left + WIDTH, 1)):
            for y, up in ((top, -1), (top + HEIGHT, 1)):
                edge_x, edge_y = x + outward * BLEED, y + up * BLEED
                lines.append(f"M{edge_x:.2f} {y:.2f}h{outward * 2.5}M{x:.2f} {edge_y:.2f}v{up * 2.5}")
    drawing = f'<path d="{"".join(lines)}" fill="none" stroke="#000" stroke-width="0.1"/>'
    return _svg("0 0 210 297", drawing, fits="none")
