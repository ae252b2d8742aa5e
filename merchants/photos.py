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
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.kernel.refused import Refused

WIDTHS = (96, 192, 384, 768, 1280)
FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE = 8 * 1024 * 1024  # bytes
MOST_PIXELS = 24_000_000
LONGEST_SIDE = 8000
QUALITY = 80
STEM_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class PhotoTooBig(Refused):
    sentence = _("This photo has %(size)s MB; the limit is %(limit)s MB. Take it again in a smaller size.")


class TooManyPixels(Refused):
    sentence = _("This photo is %(width)s × %(height)s; at most 24 million pixels and 8,000 on a side fit.")


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
    """The picture upright, in RGB. Everything is checked from the header before a pixel is decoded."""
    _check_size(upload)
    upload.seek(0)
    with _faults_are_refusals():
        picture = Image.open(upload, formats=FORMATS)
        width, height = picture.size
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise TooManyPixels(width=width, height=height)
        if getattr(picture, "n_frames", 1) > 1:
            raise MovingPicture
        picture.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))  # JPEG decodes at a fraction of the size
        upright = ImageOps.exif_transpose(picture)
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            white = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(white, upright.convert("RGBA"))
        return upright.convert("RGB")


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
        raise TooManyPixels(width="?", height="?") from fault
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError) as fault:
        raise NotAPhoto from fault
