"""Designing the member card: step by step, back and forth, until it is published."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.cards import change_programme, open_programme
from loyalty.look.contrast import contrast_on, is_readable, readable_near, scrim_for
from loyalty.look.cutting import Crop, cut, fitted, middle
from loyalty.look.designing import first_version
from loyalty.models import CardDesign, CardLook, CardPicture, DesignVersion, Layout, Programme
from loyalty.models.designs import OWN
from merchants import photos
from merchants.models import Merchant
from portal.kernel.models import User
from portal.kernel.refused import Refused


class HardToRead(Refused):
    """``fixed`` is the nearest colour that would do."""

    sentence = _("Text reaches only %(ratio)s : 1 on %(base)s; it takes 4.5 : 1. %(fixed)s would do.")

    @property
    def fixed(self) -> str:
        return str(self.values["fixed"])


class NoPictureYet(Refused):
    sentence = _("Choose a picture first, or go on without one.")


class NothingToPublish(Refused):
    sentence = _("Choose a face for the card first.")


@transaction.atomic
def save_step(merchant: Merchant, *, by: User, **changes: Any) -> DesignVersion:
    """Write the next version of the draft. What changes nothing writes nothing: sent twice is once."""
    design = _locked(merchant)
    base = design.head or first_version(merchant)
    content = base.content() | changes
    if content["face"] != OWN:
        content["base"] = ""
    elif not is_readable(content["base"]):
        raise _hard_to_read(content["base"])
    if design.head and content == base.content():
        return design.head
    return _write(design, content, by)


def _hard_to_read(base: str) -> HardToRead:
    return HardToRead(base=base, ratio=f"{contrast_on(base):.1f}", fixed=readable_near(base))


def _locked(merchant: Merchant) -> CardDesign:
    CardDesign.objects.get_or_create(merchant=merchant)
    rows = CardDesign.objects.select_for_update(of=("self",), no_key=True).select_related("head")
    return rows.get(merchant=merchant)


def _write(design: CardDesign, content: dict[str, Any], by: User) -> DesignVersion:
    last = design.versions.order_by("-number").values_list("number", flat=True).first() or 0
    design.head = DesignVersion.objects.create(
        merchant_id=design.merchant_id,
        design=design,
        number=last + 1,
        before=design.head,
        by=by,
        **content,
    )
    design.save(update_fields=["head"])
    return design.head


def add_picture(merchant: Merchant, upload: Any, *, by: User) -> CardPicture:
    """Keep a picture for the card, re-encoded like every photo. The same file twice is one picture."""
    digest = photos.digest_of(upload)
    if present := CardPicture.objects.filter(merchant=merchant, digest=digest).first():
        return present
    stored = photos.store(upload)
    picture, made = CardPicture.objects.get_or_create(
        merchant=merchant,
        digest=stored.digest,
        defaults={"stem": stored.stem, "width": stored.width, "height": stored.height, "added_by": by},
    )
    if not made:  # the same file came twice at once
        photos.delete_files(stored.stem)
    return picture


def place_picture(
    merchant: Merchant,
    layout: Layout,
    *,
    by: User,
    picture: CardPicture | None = None,
    crop: Crop | None = None,
    scrim: int = 0,
) -> DesignVersion:
    """Cut the picture and lay it on the card. Under text it is darkened as far as the text needs, or more."""
    if layout == Layout.NONE:
        return save_step(merchant, by=by, layout=layout, scrim=0)
    if picture is None or picture.merchant_id != merchant.pk:
        raise NoPictureYet
    size = (picture.width, picture.height)
    place = fitted(size, crop) if crop else middle(size)
    stem, part = cut(picture.stem, place)
    darker = max(scrim, scrim_for(part)) if layout == Layout.FULL else 0
    return save_step(
        merchant,
        by=by,
        layout=layout,
        cut=stem,
        scrim=darker,
        picture_id=picture.pk,
        crop_x=place.x,
        crop_y=place.y,
        crop_width=place.width,
    )


@transaction.atomic
def step_back(merchant: Merchant, *, seen: int) -> DesignVersion | None:
    """To the version before the one that was seen: asked twice is once. Before the first is nothing."""
    design = _locked(merchant)
    if design.head and design.head.number == seen and design.head.before_id:
        _turn_to(design, DesignVersion.objects.get(pk=design.head.before_id))
    return design.head


@transaction.atomic
def step_forward(merchant: Merchant, *, seen: int) -> DesignVersion | None:
    """To what was made last of the version that was seen."""
    design = _locked(merchant)
    if design.head and design.head.number == seen and (later := DesignVersion.objects.after(design.head)):
        _turn_to(design, later)
    return design.head


@transaction.atomic
def return_to(merchant: Merchant, number: int) -> DesignVersion:
    """To any version there was; from there it goes on."""
    design = _locked(merchant)
    version = design.versions.get(number=number)
    _turn_to(design, version)
    return version


def _turn_to(design: CardDesign, version: DesignVersion) -> None:
    design.head = version
    design.save(update_fields=["head"])


@transaction.atomic
def publish_design(merchant: Merchant, *, by: User) -> CardLook:
    """From now on every card looks like the draft; the first time this opens the membership."""
    design = _locked(merchant)
    if design.head is None:
        raise NothingToPublish
    content = design.head.appearance()
    programme = _programme(merchant, content, by)
    said = {"name": content["name"], "slogan": content["slogan"]}
    if content["face"] != OWN:
        said["face"] = content["face"]
    change_programme(programme, by=by, **said)
    look = CardLook.objects.filter(merchant=merchant).first()
    if look and look.version == design.head.number:
        return look
    facts = content | {"version": design.head.number, "published_by": by, "published_at": timezone.now()}
    return CardLook.objects.update_or_create(merchant=merchant, defaults=facts)[0]


def _programme(merchant: Merchant, content: dict[str, Any], by: User) -> Programme:
    there = Programme.objects.of(merchant.pk).first()
    return there or open_programme(merchant, by=by, name=content["name"])
