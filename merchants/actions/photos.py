"""The pictures of a shop: taken in, ordered, described, removed."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants import photos
from merchants.models import Photo, PhotoKind, Shop
from merchants.steps import Step
from portal.kernel.refused import Refused

MOST_PHOTOS = 24


class TooManyPhotos(Refused):
    sentence = _("A shop shows up to %(most)d photos. Remove one to make room.")


def add_photo(
    shop: Shop, upload: Any, *, alt: str = "", alt_en: str = "", kind: PhotoKind = PhotoKind.FRONT
) -> Photo:
    """Keep a picture of the shop; the first one stands on lists. The same file twice is one photo.

    The files are written before the row: a reader never meets a photo without them.
    """
    digest = photos.digest_of(upload)
    if present := shop.photos.filter(digest=digest).first():
        return present
    stored = photos.store(upload)
    try:
        photo = _note(shop, stored, {"alt": alt, "alt_en": alt_en, "kind": kind})
    except BaseException:
        photos.delete_files(stored.stem)
        raise
    if photo.stem != stored.stem:  # the same file came twice at once
        photos.delete_files(stored.stem)
    return photo


@transaction.atomic
def _note(shop: Shop, stored: photos.StoredPhoto, said: dict[str, Any]) -> Photo:
    shop = Shop.objects.locked().get(pk=shop.pk)
    if present := shop.photos.filter(digest=stored.digest).first():
        return present
    count = shop.photos.count()
    if count >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    last = shop.photos.order_by("-position").values_list("position", flat=True).first()
    photo = Photo.objects.create(
        shop=shop,
        stem=stored.stem,
        digest=stored.digest,
        width=stored.width,
        height=stored.height,
        **said,
        position=0 if last is None else last + 1,
    )
    shop.reached = max(shop.reached, Step.PHOTO)
    _note_cover(shop)
    return photo


def _note_cover(shop: Shop) -> None:
    first = shop.photos.order_by("position", "pk").first()
    shop.cover = first.stem if first else ""
    shop.save(update_fields=["cover", "reached"])


@transaction.atomic
def describe_photo(photo: Photo, *, alt: str, alt_en: str = "", kind: PhotoKind | None = None) -> None:
    """What it shows, for who can't see it, and which kind of picture it is."""
    photo.alt, photo.alt_en, photo.kind = alt, alt_en, kind or photo.kind
    photo.save(update_fields=["alt", "alt_en", "kind"])


@transaction.atomic
def move_photo(photo: Photo, *, up: bool) -> None:
    """Change places with the neighbour; the first of all is the cover."""
    shop = Shop.objects.locked().get(pk=photo.shop_id)
    row = list(shop.photos.order_by("position", "pk"))
    place = [one.pk for one in row].index(photo.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(row):
        row[place], row[other] = row[other], row[place]
    for position, one in enumerate(row):
        one.position = position
    Photo.objects.bulk_update(row, ["position"])
    _note_cover(shop)


@transaction.atomic
def remove_photo(photo: Photo) -> None:
    """Take the picture down; its files go when that is certain. Twice is once."""
    shop = Shop.objects.locked().get(pk=photo.shop_id)
    gone, _by_model = shop.photos.filter(pk=photo.pk).delete()
    if gone:
        stem = photo.stem
        _note_cover(shop)
        transaction.on_commit(lambda: photos.delete_files(stem), robust=True)
