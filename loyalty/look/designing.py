"""Where a design begins, and what can be said about it before it is published."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from loyalty.look.contrast import INKS, LEAST, contrast, contrast_on, contrast_under, parse
from loyalty.look.cutting import SHARP, Crop, opened, pixels
from loyalty.models import CardDesign, CardLook, DesignVersion, Layout, Pattern, Programme
from loyalty.models.designs import OWN
from merchants.models import Merchant, Shop

#: The twelve faces' colours as ``static/css/tokens.css`` has them; the darker or lighter of their two
#: stops, whichever text has the harder time on. A test compares both files.
FACE_GROUNDS = {
    "jade": "#0f7a62",
    "ink": "#33425a",
    "plum": "#7c3f82",
    "persimmon": "#b9431c",
    "sky": "#27669f",
    "tea": "#775a36",
    "rose": "#b23c66",
    "slate": "#505d6a",
    "moss": "#547529",
    "gold": "#e9cf8b",
    "rice": "#f4efe6",
    "mint": "#bfe9d8",
}
PATTERN_OF_COVER = {
    "hair": Pattern.SCISSORS,
    "tea": Pattern.CUP,
    "cafe": Pattern.STEAM,
    "restaurant": Pattern.STEAM,
    "beauty": Pattern.LEAF,
    "pharmacy": Pattern.LEAF,
    "grocery": Pattern.LEAF,
    "laundry": Pattern.WAVE,
    "carwash": Pattern.WAVE,
    "fitness": Pattern.RING,
}


def first_version(merchant: Merchant) -> DesignVersion:
    """What is on the table before anything was saved: the card as it is, else a face that suits the trade."""
    if look := CardLook.objects.filter(merchant=merchant).first():
        return DesignVersion(merchant=merchant, **look.appearance())
    programme = Programme.objects.of(merchant.pk).first()
    shop = Shop.objects.filter(merchant=merchant).select_related("category__parent").order_by("pk").first()
    pattern = PATTERN_OF_COVER.get(shop.category.cover, Pattern.RING) if shop else Pattern.RING
    if programme is None:
        name = _("%(merchant)s card") % {"merchant": merchant.name}
        return DesignVersion(merchant=merchant, name=name[:30], pattern=pattern)
    return DesignVersion(
        merchant=merchant,
        name=programme.name,
        face=programme.face,
        slogan=programme.slogan[:16],
        pattern=pattern,
    )


@dataclass(frozen=True)
class Draft:
    """The version on the table, and whether there is one before and after it."""

    version: DesignVersion
    saved: bool
    can_undo: bool
    can_redo: bool


def draft_of(merchant: Merchant) -> Draft:
    design = CardDesign.objects.filter(merchant=merchant).select_related("head__picture").first()
    if design is None or design.head is None:
        return Draft(first_version(merchant), False, False, False)
    later = DesignVersion.objects.after(design.head)
    return Draft(design.head, True, design.head.before_id is not None, later is not None)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``fix`` names the step that puts it right, when it isn't."""

    says: str
    good: bool
    fix: str = ""


def checks_of(version: DesignVersion) -> list[Check]:
    """What a printer and a reader would say about the card."""
    found = [_reads(version)]
    if version.layout == Layout.FULL:
        darkened = _("The picture was darkened by %(scrim)s %%, so that white text is read on it.")
        found.append(Check(darkened % {"scrim": version.scrim}, True))
    if version.layout != Layout.NONE and version.picture:
        found.append(_is_sharp(version))
    return found


def measured(version: DesignVersion) -> float:
    """The contrast that text reaches on the card at its worst place."""
    if version.layout == Layout.FULL and version.cut:
        return contrast_under(opened(version.cut), version.scrim)
    if version.face == OWN:
        return contrast_on(version.base)
    return contrast(parse(INKS[version.ink]), parse(FACE_GROUNDS[version.face]))


def _reads(version: DesignVersion) -> Check:
    ratio = measured(version)
    said: dict[str, Any] = {"ratio": f"{ratio:.1f}"}
    if ratio >= LEAST:
        return Check(_("Text is easy to read: contrast %(ratio)s : 1, at least 4.5 is needed.") % said, True)
    return Check(
        _("Text is hard to read: contrast %(ratio)s : 1, at least 4.5 is needed.") % said, False, "text"
    )


def _is_sharp(version: DesignVersion) -> Check:
    picture: Any = version.picture
    crop = Crop(version.crop_x, version.crop_y, version.crop_width)
    left, _top, right, _bottom = pixels((picture.width, picture.height), crop)
    if right - left >= SHARP:
        return Check(_("The picture is sharp enough to print."), True)
    said = {"width": right - left, "least": SHARP}
    return Check(
        _("The picture is only %(width)s pixels wide and will look soft in print; %(least)s are better.")
        % said,
        False,
        "picture",
    )
