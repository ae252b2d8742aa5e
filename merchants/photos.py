"""Pictures: looked at before they are decoded, re-encoded in sizes, stored under a random name.

Only pixels survive: no position, no maker's note, no second file hidden behind the first. What the
camera said about which way is up is applied first.
"""

import hashlib
import io
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from portal.kernel.refused import Refused

WIDTHS = (96, 192, 384, 768, 1280)
FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE = 8 * 1024 * 1024  # bytes
# A JPEG is decoded at a fraction of its size; the others need up to 16 bytes for each pixel on the way.
MOST_PIXELS = {"JPEG": 24_000_000, "MPO": 24_000_000, "PNG": 12_000_000, "WEBP": 12_000_000}
LONGEST_SIDE = 8000
MOST_SCANS = 64  # a progressive JPEG has some ten; each one more walks over all pixels again
START_OF_SCAN = b"\xff\xda"  # compressed data never holds these two bytes in a row
QUALITY = 80
STEM_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ONE_AT_A_TIME = Lock()


class PhotoTooBig(Refused):
    sentence = _("This photo has %(size)s MB; the limit is %(limit)s MB. Take it again in a smaller size.")


class TooManyPixels(Refused):
    sentence = _(
        "This photo is %(width)s × %(height)s; at most %(most)s million pixels and 8,000 on a side fit."
    )


class NotAPhoto(Refused):
    sentence = _("This file is not a photo that we can read. Choose a JPEG, PNG or WebP picture.")


class MovingPicture(Refused):
    sentence = _("Moving pictures can't be shown. Choose a photo that stands still.")


@dataclass(frozen=True)
class StoredPhoto:
    """``width`` and ``height`` of the largest stored size, in pixels."""

    stem: str
    width: int
    height: int
    digest: bytes


def path_of(stem: str, width: int) -> str:
    return f"photos/{stem[:2]}/{stem}-{width}.webp"


def url_of(stem: str, width: int) -> str:
    return f"/media/photos/{stem}-{width}.webp"


def srcset_of(stem: str, *widths: int) -> str:
    return ", ".join(f"{url_of(stem, width)} {width}w" for width in widths or WIDTHS)


def digest_of(upload: Any) -> bytes:
    """SHA-256 of the file as it came."""
    _check_size(upload)
    upload.seek(0)
    return hashlib.sha256(upload.read()).digest()


def store(upload: Any) -> StoredPhoto:
    """Keep an uploaded picture. Raises a Refused with a sentence for everything that isn't a sane photo."""
    digest = digest_of(upload)
    picture = decoded(upload)
    stem = "".join(secrets.choice(STEM_ALPHABET) for _ in range(24))
    for width in WIDTHS:
        default_storage.save(path_of(stem, width), ContentFile(webp(picture, width)))
    largest = _at_most(picture, WIDTHS[-1])
    return StoredPhoto(stem, *largest, digest)


def delete_files(stem: str) -> None:
    for width in WIDTHS:
        default_storage.delete(path_of(stem, width))


def decoded(upload: Any) -> Image.Image:
    """The picture upright, in RGB. Everything is checked from the header before a pixel is decoded.

    One at a time in each process, so that a crowd of large pictures can't fill the memory.
    """
    _check_size(upload)
    upload.seek(0)
    content = upload.read()
    if content.count(START_OF_SCAN) > MOST_SCANS:
        raise NotAPhoto
    with _ONE_AT_A_TIME, _faults_are_refusals():
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for everybody when it is loaded
        _check_promised_size(content)
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        _check_pixels(picture.format or "", *picture.size)
        if (
            getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO"
        ):  # a camera's second view is no film
            raise MovingPicture
        times = min(picture.size) // WIDTHS[-1]
        picture.draft("RGB", (picture.width // max(1, times), picture.height // max(1, times)))
        return _on_white(ImageOps.exif_transpose(_shrunk(picture)))


def _check_pixels(form: str, width: int, height: int) -> None:
    most = MOST_PIXELS[form]
    if width * height > most or max(width, height) > LONGEST_SIDE:
        raise TooManyPixels(width=width, height=height, most=most // 1_000_000)


def _check_promised_size(content: bytes) -> None:
    """An extended WebP says its size first (RFC 9649, 2.7); Pillow makes room for all of it on opening."""
    if content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and len(content) >= 30:
        sides = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        _check_pixels("WEBP", *sides)


def _shrunk(picture: Image.Image) -> Image.Image:
    """At a whole fraction of its size, no side below the largest width we keep; the large one is let go."""
    times = min(picture.size) // WIDTHS[-1]
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.convert("L")
    if picture.mode in ("P", "1"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture.reduce(times) if times > 1 else picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def webp(picture: Image.Image, width: int) -> bytes:
    """The picture at most ``width`` wide, without metadata."""
    out = io.BytesIO()
    small = picture.resize(_at_most(picture, width), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", small.size)  # a fresh picture has no info, EXIF, ICC or XMP to carry over
    bare.paste(small)
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _at_most(picture: Image.Image, width: int) -> tuple[int, int]:
    if picture.width <= width:
        return picture.width, picture.height
    return width, max(1, round(picture.height * width / picture.width))


def _check_size(upload: Any) -> None:
    if upload.size > LARGEST_FILE:
        megabytes = f"{upload.size / 1024 / 1024:.1f}"
        raise PhotoTooBig(size=megabytes, limit=LARGEST_FILE // 1024 // 1024)


@contextmanager
def _faults_are_refusals() -> Iterator[None]:
    """Pillow speaks in many exceptions; each of them means that this is no photo for us."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise TooManyPixels(width="?", height="?", most=MOST_PIXELS["JPEG"] // 1_000_000) from fault
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError) as fault:
        raise NotAPhoto from fault
