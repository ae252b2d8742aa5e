"""The picture of a shop for chats and social networks, drawn from its facts with the portal's own means."""

import io
import textwrap
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import qrcode
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

from merchants.models import Shop
from merchants.photos import path_of
from merchants.shelf import digest_of
from portal.kernel.forms import clean_text
from portal.kernel.money import format_money

DRAWN_AS = 1  # counts up when the drawing changes, so that old pictures are not shown for new facts
CARD, POSTER = (1200, 630), (1080, 1440)
SIZES = {"card": CARD, "poster": POSTER}
MOST_BYTES = 120_000
SIMPLIFIED = 2  # the face of Noto Sans CJK's collection with the mainland's glyphs
PAPER, INK, QUIET, BRAND, PRICE = "#ffffff", "#17201c", "#45524c", "#0b6b57", "#c2361b"


@dataclass(frozen=True)
class Facts:
    """What the picture shows, in one language; two shops with the same facts have the same picture."""

    name: str
    line: str
    address: str
    price: str
    photo: str
    link: str
    portal: str
    invites: str

    @property
    def digest(self) -> str:
        return digest_of([DRAWN_AS, vars(self)])


def facts_of(shop: Shop, link: str) -> Facts:
    amount = None if shop.from_price is None else format_money(shop.from_price)
    return Facts(
        name=drawable(shop.title, 60),
        line=drawable(shop.category.name, 40),
        address=drawable(shop.address, 80),
        price=_("from %(price)s") % {"price": amount} if amount else "",
        photo=shop.cover,
        link=link,
        portal=_("Street Corner"),
        invites=_("Scan to see prices and hours"),
    )


def picture_path(shop: Shop, facts: Facts, shape: str = "card") -> str:
    """Changes with what the picture shows, so it may be kept for ever."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return f"{shop.get_absolute_url()}{shape}-{language}-{facts.digest}.jpg"


def picture_url(shop: Shop, facts: Facts, shape: str = "card") -> str:
    """The same for those who read it elsewhere."""
    return f"{settings.SITE_URL}{picture_path(shop, facts, shape)}"


def can_draw() -> bool:
    """Without the Chinese font there is no picture of our own, and pages name the photo instead."""
    return Path(settings.CJK_FONT).exists()


def drawable(text: str, most: int) -> str:
    """One line without what turns or hides text; long ones end in an ellipsis."""
    plain = "".join(c for c in clean_text(text) if unicodedata.category(c) not in ("Cf", "Co", "Cn"))
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(settings.CJK_FONT, size, index=SIMPLIFIED)


def draw(facts: Facts, shape: str) -> bytes:
    """JPEG, at most some 120 kB."""
    picture = Image.new("RGB", SIZES[shape], PAPER)
    _draw_card(picture, facts) if shape == "card" else _draw_poster(picture, facts)
    for quality in (85, 75, 60, 45, 30):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def _draw_card(picture: Image.Image, facts: Facts) -> None:
    width, height = CARD
    _paste_photo(picture, facts, (0, 0, 520, height))
    pen = ImageDraw.Draw(picture)
    y = _lines(pen, facts.name, (568, 72), 64, width - 568 - 48, most=3, fill=INK)
    y = _lines(pen, facts.line, (568, y + 20), 36, width - 568 - 48, most=1, fill=QUIET)
    _lines(pen, facts.address, (568, y + 8), 30, width - 568 - 48, most=2, fill=QUIET)
    pen.text((568, height - 160), facts.price, font=_font(52), fill=PRICE)
    pen.text((568, height - 76), facts.portal, font=_font(30), fill=BRAND)


def _draw_poster(picture: Image.Image, facts: Facts) -> None:
    width, height = POSTER
    _paste_photo(picture, facts, (0, 0, width, 720))
    pen = ImageDraw.Draw(picture)
    y = _lines(pen, facts.name, (64, 768), 72, width - 128, most=2, fill=INK)
    y = _lines(pen, facts.line, (64, y + 12), 38, width - 128, most=1, fill=QUIET)
    y = _lines(pen, facts.address, (64, y + 4), 34, 600, most=2, fill=QUIET)
    pen.text((64, y + 16), facts.price, font=_font(60), fill=PRICE)
    code = qrcode.make(facts.link, border=2).get_image().convert("RGB")
    picture.paste(code.resize((320, 320), Image.Resampling.NEAREST), (width - 384, height - 448))
    pen.text((width - 384, height - 112), facts.invites, font=_font(26), fill=QUIET)
    pen.text((64, height - 96), facts.portal, font=_font(36), fill=BRAND)


def _paste_photo(picture: Image.Image, facts: Facts, box: tuple[int, int, int, int]) -> None:
    """The shop's first photo, cut to fit; a quiet field with the first letter where there is none."""
    size = (box[2] - box[0], box[3] - box[1])
    path = path_of(facts.photo, 1280) if facts.photo else ""
    if path and default_storage.exists(path):
        with default_storage.open(path) as file, Image.open(file) as photo:
            picture.paste(ImageOps.fit(photo.convert("RGB"), size), box[:2])
        return
    ImageDraw.Draw(picture).rectangle(box, fill=BRAND)
    middle = (box[0] + size[0] // 2, box[1] + size[1] // 2)
    ImageDraw.Draw(picture).text(middle, facts.name[:1], font=_font(240), fill=PAPER, anchor="mm")


def _lines(pen: Any, text: str, at: tuple[int, int], size: int, width: int, *, most: int, fill: str) -> int:
    """Draw at most so many lines that fit the width; returns where the next one may begin."""
    font, (x, y) = _font(size), at
    letters = max(4, int(width / size * (1 if any(ord(c) > 0x2E80 for c in text) else 1.8)))
    rows = textwrap.wrap(text, letters, max_lines=most, placeholder="…", break_long_words=True)
    for row in rows:
        pen.text((x, y), _cut(pen, row, font, width), font=font, fill=fill)
        y += round(size * 1.35)
    return y


def _cut(pen: Any, row: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    while pen.textlength(row, font=font) > width and len(row) > 1:
        row = row[:-2] + "…"
    return row
