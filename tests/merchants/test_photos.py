"""Photos: what is refused and with which sentence, and that nothing but pixels survives."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from merchants import actions, photos
from merchants.models import Photo, Shop
from merchants.photos import MovingPicture, NotAPhoto, PhotoTooBig, TooManyPixels
from portal.kernel.models import User
from tests import cast
from tests.merchants import pictures
from tests.merchants.pictures import CANARY, picture, upload


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored_bytes(photo: Photo) -> bytes:
    return b"".join(default_storage.open(photos.path_of(photo.stem, w)).read() for w in photos.WIDTHS)


def test_a_photo_is_kept_in_five_sizes_as_webp(shop: Shop) -> None:
    photo = actions.add_photo(shop, upload(picture((2000, 1500))))
    for width in photos.WIDTHS:
        kept = Image.open(default_storage.open(photos.path_of(photo.stem, width)))
        assert (kept.format, kept.size) == ("WEBP", (width, round(width * 0.75)))
    shop.refresh_from_db()
    assert shop.cover == photo.stem and (photo.width, photo.height) == (1280, 960)


def test_a_small_photo_is_not_blown_up(shop: Shop) -> None:
    photo = actions.add_photo(shop, upload(picture((300, 200))))
    kept = Image.open(default_storage.open(photos.path_of(photo.stem, 1280)))
    assert kept.size == (300, 200)


@pytest.mark.parametrize("make", [pictures.with_position, pictures.png_with_text])
def test_neither_position_nor_any_other_note_survives(shop: Shop, make: Any) -> None:
    source = make()
    assert CANARY in source
    kept = stored_bytes(actions.add_photo(shop, upload(source)))
    for trace in (CANARY, b"Exif", b"EXIF", b"XMP ", b"ICCP", b"GPS", b"31.2304"):
        assert trace not in kept


def test_the_right_way_up_is_kept_when_the_note_about_it_goes(shop: Shop) -> None:
    photo = actions.add_photo(shop, upload(pictures.with_position(turned=6)))
    assert (photo.width, photo.height) == (200, 400)


def test_what_hides_behind_a_picture_is_gone(shop: Shop) -> None:
    kept = stored_bytes(actions.add_photo(shop, upload(picture() + b"PK\x03\x04" + CANARY + pictures.HTML)))
    assert CANARY not in kept and b"<script" not in kept


def test_a_transparent_picture_stands_on_white(shop: Shop) -> None:
    photo = actions.add_photo(shop, upload(picture(form="PNG", mode="RGBA", colour="#00000000")))
    kept = Image.open(default_storage.open(photos.path_of(photo.stem, 96))).convert("RGB")
    assert kept.getpixel((5, 5)) == (255, 255, 255)


REFUSED = {
    "SVG": (pictures.SVG, NotAPhoto),
    "HTML called a photo": (pictures.HTML, NotAPhoto),
    "GIF": (pictures.GIF, NotAPhoto),
    "PDF": (b"%PDF-1.7\n" + CANARY, NotAPhoto),
    "truncated": (picture((2000, 1500), quality=95)[:4000], NotAPhoto),
    "header only": (picture()[:30], NotAPhoto),
    "moving": (pictures.moving(), MovingPicture),
    "10,000 frames of WebP": (pictures.film(10_000), MovingPicture),
    "10,000 frames of GIF": (pictures.film(10_000, "GIF"), NotAPhoto),
    "a thousand scans": (pictures.scans(1000), NotAPhoto),
    "40 megapixels of JPEG": (picture((8000, 5000)), TooManyPixels),
    "a PNG of 13 megapixels": (pictures.bomb(4000, 3250), TooManyPixels),
    "a WebP that promises 16 million on a side": (pictures.promises(1 << 24, 1 << 24), TooManyPixels),
    "40 megapixels": (pictures.bomb(8000, 5000), TooManyPixels),
    "a bomb": (pictures.bomb(20000, 20000), TooManyPixels),
    "one long line": (pictures.bomb(65535, 1), TooManyPixels),
    "a promise of pixels that aren't there": (pictures.bomb(3000, 4000), NotAPhoto),
    "nine megabytes": (picture() + bytes(9 * 1024 * 1024), PhotoTooBig),
}


@pytest.mark.parametrize("what", REFUSED, ids=str)
def test_it_is_refused_and_nothing_is_left(shop: Shop, shelf: Path, what: str) -> None:
    content, refusal = REFUSED[what]
    with pytest.raises(refusal):
        actions.add_photo(shop, upload(content))
    assert not shop.photos.exists() and not any(path.is_file() for path in shelf.rglob("*"))


@pytest.mark.parametrize("what", REFUSED, ids=str)
def test_the_page_says_what_to_do(owner: User, shop: Shop, what: str) -> None:
    content, _refusal = REFUSED[what]
    url = f"/m/{shop.merchant.slug}/shops/{shop.slug}/photo/"
    answer = cast.client_of(owner, language="en").post(
        url, {"photo": upload(content, "..%2f..%2fx.jpg.svg"), "alt": "门面"}
    )
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode() and "门面" in answer.content.decode()


MEASURE = """
import re, sys
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from merchants import photos
from portal.kernel.refused import Refused

upload = SimpleUploadedFile("photo", sys.stdin.buffer.read())
def highest():  # of this program alone; getrusage would begin with what its parent once needed
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = highest()
try:
    told = photos.decoded(upload).size
except Refused as refusal:
    told = type(refusal).__name__
print(told, (highest() - before) // 1024)
"""

HEAVIEST = {  # made where they are needed: seconds of work
    "JPEG": (lambda: picture((6000, 4000)), "(3000, 2000)"),
    "progressive JPEG": (
        lambda: picture((6000, 4000), progressive=True, subsampling=0),
        "(3000, 2000)",
    ),
    "PNG": (
        lambda: picture((4000, 3000), form="PNG", mode="RGBA", colour="#33aa6680"),
        "(2000, 1500)",
    ),
    "WebP": (
        lambda: picture((4000, 3000), form="WEBP", mode="RGBA", lossless=True, method=0),
        "(2000, 1500)",
    ),
    "40 megapixels": (lambda: picture((8000, 5000)), "TooManyPixels"),
    "a WebP's promise": (lambda: pictures.promises(16_000, 16_000), "TooManyPixels"),
    "10,000 frames": (lambda: pictures.film(10_000), "MovingPicture"),
}


@pytest.mark.parametrize("what", HEAVIEST)
def test_no_picture_takes_more_than_256_megabytes(what: str) -> None:
    make, told = HEAVIEST[what]
    settings = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=make(),
        capture_output=True,
        check=True,
        env=settings,
    )
    answer, megabytes = measured.stdout.decode().rsplit(maxsplit=1)
    assert answer == told and int(megabytes) < 256


def test_a_camera_file_with_a_second_view_is_a_photo() -> None:
    views = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    views[0].save(out, "MPO", save_all=True, append_images=views[1:])
    red, _green, blue = photos.decoded(upload(out.getvalue())).getpixel((5, 5))
    assert red > 200 > 50 > blue


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK", "RGBA"])
def test_every_kind_of_picture_becomes_a_large_rgb_one(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    small = photos.decoded(upload(picture((2600, 3000), form=form, mode=mode, colour=0)))
    assert (small.mode, small.size) == ("RGB", (1300, 1500))


def test_the_same_file_twice_is_one_photo(shop: Shop, shelf: Path) -> None:
    first = actions.add_photo(shop, upload(picture()))
    assert actions.add_photo(shop, upload(picture())) == first
    assert len([path for path in shelf.rglob("*") if path.is_file()]) == len(photos.WIDTHS)


def test_the_twenty_fifth_photo_is_refused_and_leaves_no_file(shop: Shop, shelf: Path) -> None:
    for number in range(24):
        actions.add_photo(shop, upload(picture((64, 64 + number))))
    with pytest.raises(actions.photos.TooManyPhotos):
        actions.add_photo(shop, upload(picture((64, 200))))
    assert len([path for path in shelf.rglob("*") if path.is_file()]) == 24 * len(photos.WIDTHS)


def test_the_first_in_the_row_is_the_cover(shop: Shop) -> None:
    first = actions.add_photo(shop, upload(picture((100, 100))))
    second = actions.add_photo(shop, upload(picture((100, 101))))
    actions.move_photo(second, up=True)
    assert Shop.objects.get(pk=shop.pk).cover == second.stem
    actions.remove_photo(second)
    assert Shop.objects.get(pk=shop.pk).cover == first.stem


@pytest.mark.django_db(transaction=True)
def test_a_removed_photo_takes_its_files_along(shelf: Path) -> None:
    shop = cast.make_shop()
    photo = actions.add_photo(shop, upload(picture()))
    actions.remove_photo(photo)
    actions.remove_photo(photo)
    assert not any(path.is_file() for path in shelf.rglob("*"))


def test_a_photo_is_served_as_webp_for_a_year_and_nothing_else_is(shop: Shop, shelf: Path) -> None:
    photo = actions.add_photo(shop, upload(picture()))
    answer = cast.client_of().get(photos.url_of(photo.stem, 192))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/webp"
    assert "immutable" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (192, 144)
    (shelf / "evidence").mkdir()
    (shelf / "evidence" / "secret.webp").write_bytes(b"secret")
    visitor = cast.client_of()
    for path in (
        photos.url_of(photo.stem, 193),
        f"/media/photos/{photo.stem}-192.svg",
        "/media/evidence/secret.webp",
        "/media/photos/../evidence/secret-192.webp",
        f"/media/photos/{'0' * 24}-192.webp",
    ):
        assert visitor.get(path).status_code == 404


def test_another_merchants_photo_can_not_be_moved_or_removed(
    owner: User, shop: Shop, other_shop: Shop
) -> None:
    theirs = actions.add_photo(other_shop, upload(picture()))
    url = f"/m/{shop.merchant.slug}/shops/{shop.slug}/photo/{theirs.pk}/"
    for what in ("remove", "up", "alt"):
        assert cast.client_of(owner).post(url, {what: "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.alt == ""
