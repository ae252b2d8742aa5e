"""Whether text on a card can be read: contrast by WCAG 2.2, and how dark a picture must become under it."""

from collections.abc import Iterable
from typing import Any

LEAST = 4.5  # WCAG 2.2, 1.4.3, for text of normal size
INKS = {"light": "#ffffff", "dark": "#17201c"}
SCRIM_STEP, LEAST_SCRIM, MOST_SCRIM = 5, 20, 80  # per cent of black over a picture
CELLS = (64, 40)  # the picture's text zone is judged in cells about as large as a letter

Colour = tuple[int, int, int]


def parse(text: str) -> Colour:
    """``#rrggbb`` in channels from 0 to 255. ValueError for anything else."""
    digits = text.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(text)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def hexed(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Colour) -> float:
    """Relative luminance, from 0 for black to 1 for white."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """From 1 for the same colour to 21 for black on white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(base: str) -> str:
    """Which of the two inks reads better on the colour: ``light`` or ``dark``."""
    ground = parse(base)
    return max(INKS, key=lambda ink: contrast(parse(INKS[ink]), ground))


def contrast_on(base: str) -> float:
    """What the better of the two inks reaches on the colour."""
    return contrast(parse(INKS[ink_on(base)]), parse(base))


def is_readable(base: str) -> bool:
    return contrast_on(base) >= LEAST


def readable_near(base: str) -> str:
    """The colour itself, or the same a little darker: some middle tones carry neither ink."""
    colour = parse(base)
    for percent in range(100, -1, -1):
        darker = hexed((_part(colour[0], percent), _part(colour[1], percent), _part(colour[2], percent)))
        if is_readable(darker):
            return darker
    raise AssertionError("black carries the light ink")


def _part(channel: int, percent: int) -> int:
    return channel * percent // 100


def scrim_for(picture: Any) -> int:
    """Per cent of black that a picture (of Pillow) needs, so that white text is read anywhere on it."""
    return max((_scrim_over(colour) for colour in _cells(picture)), default=LEAST_SCRIM)


def contrast_under(picture: Any, scrim: int) -> float:
    """What white text reaches at the worst place of the picture under so much black."""
    white = parse(INKS["light"])
    return min(contrast(white, _under(colour, scrim)) for colour in _cells(picture))


def _cells(picture: Any) -> Iterable[Colour]:
    small = picture.convert("RGB").reduce(_times(picture.size))
    colours = {colour for _times, colour in small.getcolors(small.width * small.height)}
    return sorted(colours, key=luminance)[-32:]  # the brightest decide


def _times(size: tuple[int, int]) -> int:
    return max(1, min(size[0] // CELLS[0], size[1] // CELLS[1]))


def _scrim_over(colour: Colour) -> int:
    white = parse(INKS["light"])
    for scrim in range(LEAST_SCRIM, MOST_SCRIM, SCRIM_STEP):
        if contrast(white, _under(colour, scrim)) >= LEAST:
            return scrim
    return MOST_SCRIM


def _under(colour: Colour, scrim: int) -> Colour:
    """As browsers lay black over a colour: in sRGB, channel by channel."""
    return _part(colour[0], 100 - scrim), _part(colour[1], 100 - scrim), _part(colour[2], 100 - scrim)
