"""Cover pictures drawn by the seeder: a quiet street front per trade, no stock photos."""

import colorsys
import io
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 960)
HUES = {
    "tea": 0.08,
    "restaurant": 0.02,
    "cafe": 0.07,
    "bakery": 0.11,
    "hair": 0.55,
    "beauty": 0.92,
    "laundry": 0.53,
    "carwash": 0.60,
    "gym": 0.36,
    "repair": 0.13,
    "pet": 0.29,
    "fresh-food": 0.33,
    "pharmacy": 0.44,
    "optician": 0.64,
    "nails": 0.95,
}


def _colour(hue: float, light: float, strong: float = 0.45) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, light, strong)
    return round(red * 255), round(green * 255), round(blue * 255)


def draw_cover(trade: str, dice: random.Random) -> bytes:
    """A shop front in the trade's colour: sky, wall, awning, window with wares, door. JPEG bytes."""
    hue = HUES.get(trade, dice.random()) + dice.uniform(-0.03, 0.03)
    picture = Image.new("RGB", SIZE, _colour(hue, 0.93, 0.35))
    draw = ImageDraw.Draw(picture)
    _sky(draw, hue)
    wall, top = dice.choice((0.78, 0.7, 0.84)), dice.randint(240, 300)
    draw.rectangle((120, top - 80, 1160, 860), fill=_colour(hue, wall, 0.25))
    _sign(draw, hue, top, dice)
    _window(draw, hue, top, dice)
    _door(draw, hue, top)
    _awning(draw, hue, top)
    draw.rectangle((0, 860, 1280, 960), fill=_colour(hue, 0.55, 0.08))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=86)
    return out.getvalue()


def _sky(draw: ImageDraw.ImageDraw, hue: float) -> None:
    for row in range(860):
        draw.line((0, row, 1280, row), fill=_colour(0.57 + hue * 0.05, 0.82 + row / 860 * 0.13, 0.45))


def _sign(draw: ImageDraw.ImageDraw, hue: float, top: int, dice: random.Random) -> None:
    draw.rounded_rectangle((180, top - 60, 1100, top + 30), 12, fill=_colour(hue, 0.28, 0.5))
    at = 240
    for _ in range(dice.randint(3, 6)):  # strokes that read as lettering from across the street
        width = dice.randint(50, 110)
        draw.rounded_rectangle((at, top - 28, at + width, top - 2), 6, fill=_colour(hue, 0.9, 0.3))
        at += width + 28


def _awning(draw: ImageDraw.ImageDraw, hue: float, top: int) -> None:
    for stripe in range(13):
        left = 120 + stripe * 80
        fill = _colour(hue, 0.42 if stripe % 2 else 0.95, 0.5)
        draw.polygon(
            [(left, top + 60), (left + 80, top + 60), (left + 80, top + 130), (left, top + 130)], fill=fill
        )
        draw.pieslice((left, top + 96, left + 80, top + 166), 0, 180, fill=fill)


def _window(draw: ImageDraw.ImageDraw, hue: float, top: int, dice: random.Random) -> None:
    draw.rectangle((190, top + 190, 760, 780), fill=_colour(0.12, 0.9, 0.7))
    for shelf in range(2):
        base = top + 325 + shelf * 145
        draw.rectangle((210, base, 740, base + 10), fill=_colour(hue, 0.35, 0.3))
        at = 225
        while at < 690:
            width, height = dice.randint(26, 60), dice.randint(40, 96)
            fill = _colour(hue + dice.uniform(-0.12, 0.12), dice.uniform(0.45, 0.7), 0.55)
            if dice.random() < 0.4:
                draw.ellipse((at, base - width, at + width, base), fill=fill)
            else:
                draw.rounded_rectangle((at, base - height, at + width, base), 8, fill=fill)
            at += width + dice.randint(8, 22)
    draw.rectangle((190, top + 190, 760, 780), outline=_colour(hue, 0.25, 0.4), width=12)


def _door(draw: ImageDraw.ImageDraw, hue: float, top: int) -> None:
    draw.rectangle((830, top + 190, 1080, 860), fill=_colour(hue, 0.3, 0.45))
    draw.rectangle((860, top + 225, 1050, 620), fill=_colour(0.12, 0.86, 0.6))
    draw.ellipse((1030, 660, 1054, 684), fill=_colour(0.13, 0.7, 0.7))
