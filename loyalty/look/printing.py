"""Print-ready sheets of member cards: A4, eight cards with bleed and crop marks, fronts before backs.

A card is 85.6 × 54 mm (ISO/IEC 7810 ID-1). Every sheet of backs has its sheet of fronts before it: printed on
both sides they fit, for all fronts are the same.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from barcode import Code128
from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from loyalty.models import CardMedium, Layout
from loyalty.models.designs import Appearance
from merchants.models import Merchant
from merchants.photos import path_of
from merchants.printing import Grid, Told, bound, crop_marks, square, svg

CARDS = Grid(width=85.6, height=54.0, bleed=3.0, columns=2, rows=4, gap=6.0)
PICTURE = "card:picture"


def bars(digits: str) -> SafeString:
    """Code 128 of the digits (ISO/IEC 15417, two in each symbol), with ten modules of quiet on each side."""
    modules = Code128(digits).build()[0]
    rects, at = [], 10
    for run in re.findall("1+|0+", modules):
        if run[0] == "1":
            rects.append(f"M{at} 0h{len(run)}v1h-{len(run)}z")
        at += len(run)
    return svg(f"0 0 {at + 10} 1", f'<path d="{"".join(rects)}"/>', fits="none")


def sheets_of(look: Appearance, merchant: Merchant, media: list[CardMedium], told: Told) -> bytes:
    """The PDF. ``told`` hears how many cards are done after every few sheets."""
    parts = _parts(look, merchant, media)
    return bound(parts, look="css/print/cards.css", told=told, pictures={PICTURE: _picture(look)})


def _parts(look: Appearance, merchant: Merchant, media: list[CardMedium]) -> Iterator[tuple[str, int]]:
    front = _front(look, merchant)
    for start in range(0, len(media), CARDS.at_once):
        part = media[start : start + CARDS.at_once]
        yield _html(look, merchant, part, front), start + len(part)


def _html(look: Appearance, merchant: Merchant, media: list[CardMedium], front: str) -> str:
    groups = [media[at : at + CARDS.on_sheet] for at in range(0, len(media), CARDS.on_sheet)]
    context = {
        "merchant": merchant,
        "look": look,
        "front": front,
        "marks": crop_marks(CARDS),
        "sheets": [[(place, _back(medium)) for place, medium in enumerate(group)] for group in groups],
    }
    return render_to_string("loyalty/print/sheets.html", context)


def _back(medium: CardMedium) -> dict[str, Any]:
    return {
        "medium": medium,
        "qr": square(medium.token),
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
    return svg("0 0 1020 643", found[1] if found else "", fits="xMaxYMid slice")


def _picture(look: Appearance) -> bytes:
    if not look.picture_url:
        return b""
    with default_storage.open(path_of(look.cut, 1280)) as file:
        return bytes(file.read())
