"""Cutting a picture to the shape of a card, and looking at what text will stand on."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from merchants.photos import STEM_ALPHABET, WIDTHS, path_of, webp

CARD = (1020, 643)  # pixels of the master; ISO/IEC 7810 ID-1 is 85.6 × 54 mm
RATIO = CARD[0] / CARD[1]
SHARP = 600  # pixels; a narrower cut looks soft in print
LEAST_PART = 300  # thousandths: never less than this part of a picture's width


@dataclass(frozen=True)
class Crop:
    """Left and top edge and width in thousandths of the picture; the height follows from the card's ratio."""

    x: int
    y: int
    width: int


def fitted(size: tuple[int, int], crop: Crop) -> Crop:
    """The nearest cut that lies inside a picture of that size."""
    widest = _widest(size)
    width = max(min(crop.width, widest), min(LEAST_PART, widest))
    tall = _height(size, width)
    return Crop(max(0, min(crop.x, 1000 - width)), max(0, min(crop.y, 1000 - tall)), width)


def middle(size: tuple[int, int]) -> Crop:
    """The largest cut, from the middle."""
    width = _widest(size)
    return Crop((1000 - width) // 2, (1000 - _height(size, width)) // 2, width)


def _widest(size: tuple[int, int]) -> int:
    """Thousandths of the width that a cut of the whole height takes."""
    return min(1000, int(1000 * size[1] * RATIO / size[0]))


def _height(size: tuple[int, int], width: int) -> int:
    """Thousandths of the height that a cut of that width takes."""
    return min(999, round(width * size[0] / RATIO / size[1]))


def pixels(size: tuple[int, int], crop: Crop) -> tuple[int, int, int, int]:
    left, top = round(size[0] * crop.x / 1000), round(size[1] * crop.y / 1000)
    width = max(1, round(size[0] * crop.width / 1000))
    return left, top, min(size[0], left + width), min(size[1], top + max(1, round(width / RATIO)))


def opened(stem: str) -> Image.Image:
    """The largest stored size of a picture."""
    with default_storage.open(path_of(stem, WIDTHS[-1])) as file:
        picture = Image.open(file)
        picture.load()
        return picture.convert("RGB")


def cut(stem: str, crop: Crop) -> tuple[str, Image.Image]:
    """Store the part of the picture under a name of its own, and give it back to look at.

    The name follows from the picture's random one and the cut, so the same cut is stored once.
    """
    picture = opened(stem)
    part = picture.crop(pixels(picture.size, crop))
    name = _name(f"{stem} {crop}")
    if not default_storage.exists(path_of(name, WIDTHS[-1])):
        for width in WIDTHS:
            default_storage.save(path_of(name, width), ContentFile(webp(part, width)))
    return name, part


def _name(text: str) -> str:
    digest: Any = hashlib.sha256(text.encode()).digest()
    return "".join(STEM_ALPHABET[byte % len(STEM_ALPHABET)] for byte in digest[:24])
