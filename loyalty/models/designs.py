"""How a merchant's card looks: what cards show now, and the drafts that lead to the next look."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.look.contrast import INKS, ink_on
from loyalty.models.membership import FACES
from merchants.models import Merchant
from merchants.photos import srcset_of, url_of
from portal.kernel.audit import audited
from portal.kernel.db import append_only

OWN = "own"  # the face of a colour that the merchant chose
DARK_INKED = ("gold", "rice", "mint")  # light faces of the twelve
PERMILLE = 1000


class Pattern(models.TextChoices):
    """Drawn in ``static/covers/patterns.svg``."""

    RING = "ring", _("Rings")
    WAVE = "wave", _("Waves")
    GRID = "grid", _("Dots")
    STEAM = "steam", _("Steam")
    SCISSORS = "scissors", _("Scissors")
    CUP = "cup", _("Cups")
    LEAF = "leaf", _("Leaves")
    NONE = "none", _("No pattern")


class Layout(models.TextChoices):
    NONE = "none", _("No picture")
    SIDE = "side", _("On the right")
    FULL = "full", _("All over")


class NumberStyle(models.TextChoices):
    GROUPS = "groups", "6212 3456 7890"
    LAST = "last", "···· 7890"
    NONE = "none", _("Not on the card")


class Appearance(models.Model):
    """Everything that decides how a card looks."""

    face = models.CharField(_("face"), max_length=12, default="jade")
    base = models.CharField(_("own colour"), max_length=7, blank=True)  # "#rrggbb", when the face is "own"
    pattern = models.CharField(_("pattern"), max_length=8, choices=Pattern, default=Pattern.RING)
    layout = models.CharField(_("picture"), max_length=4, choices=Layout, default=Layout.NONE)
    cut = models.CharField(max_length=24, blank=True)  # stem of the picture, cut to the card's shape
    scrim = models.PositiveSmallIntegerField(default=0)  # per cent of black over a picture that is all over
    name = models.CharField(_("name of the card"), max_length=30)
    slogan = models.CharField(_("slogan"), max_length=16, blank=True)
    benefits = ArrayField(models.CharField(max_length=24), default=list, blank=True, size=3)
    number_style = models.CharField(
        _("number on the card"), max_length=6, choices=NumberStyle, default=NumberStyle.GROUPS
    )

    class Meta:
        abstract = True

    @property
    def ink(self) -> str:
        """``light`` or ``dark``: which text this ground carries."""
        if self.layout == Layout.FULL:
            return "light"
        if self.face == OWN:
            return ink_on(self.base)
        return "dark" if self.face in DARK_INKED else "light"

    @property
    def ink_colour(self) -> str:
        return INKS[self.ink]

    @property
    def picture_url(self) -> str:
        return url_of(self.cut, 768) if self.cut and self.layout != Layout.NONE else ""

    @property
    def picture_srcset(self) -> str:
        return srcset_of(self.cut, 384, 768, 1280) if self.picture_url else ""

    def appearance(self) -> dict[str, Any]:
        """The fields of this class alone, as a copy of the look takes them."""
        return {field.name: getattr(self, field.name) for field in Appearance._meta.fields}


def _sane(name: str) -> list[models.BaseConstraint]:
    """What holds for a look wherever it is kept."""
    own = Q(face=OWN, base__regex=r"^#[0-9a-f]{6}$") | Q(face__in=FACES, base="")
    pictured = Q(layout=Layout.NONE) | ~Q(cut="")
    dark_enough = ~Q(layout=Layout.FULL) | Q(scrim__gte=20, scrim__lte=80)
    return [
        models.CheckConstraint(name=f"{name}_has_a_known_face_or_its_own_colour", condition=own),
        models.CheckConstraint(name=f"{name}_shows_only_a_picture_it_has", condition=pictured),
        models.CheckConstraint(name=f"{name}_darkens_a_picture_under_text", condition=dark_enough),
    ]


@audited(inserts=False)
class CardLook(Appearance):
    """What the cards of a merchant look like now: the last published design."""

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="card_look")
    version = models.PositiveIntegerField()  # number of the published version
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("card look")
        verbose_name_plural = _("card looks")
        constraints = _sane("card_look")

    def __str__(self) -> str:
        return self.name


class CardPicture(models.Model):
    """A picture that a merchant brought for its card; versions cut from it what they show."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    stem = models.CharField(max_length=24, unique=True)
    digest = models.BinaryField(max_length=32)  # of the file as it came: the same file twice is one picture
    width = models.PositiveIntegerField()  # of the largest stored size, pixels
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("card picture")
        verbose_name_plural = _("card pictures")
        constraints = [
            models.UniqueConstraint(name="card_picture_once_per_merchant", fields=["merchant", "digest"]),
            models.UniqueConstraint(name="card_picture_of_merchant", fields=["merchant", "id"]),
        ]

    def __str__(self) -> str:
        return self.stem

    @property
    def url(self) -> str:
        return url_of(self.stem, 768)


class CardDesign(models.Model):
    """A merchant's draft: which of its versions is on the table."""

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="card_design")
    head = models.ForeignKey(
        "DesignVersion", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        verbose_name = _("card design")
        verbose_name_plural = _("card designs")
        constraints = [models.UniqueConstraint(name="card_design_of_merchant", fields=["merchant", "id"])]

    def __str__(self) -> str:
        return str(self.merchant_id)


class DesignVersionQuerySet(models.QuerySet["DesignVersion"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def after(self, version: "DesignVersion") -> "DesignVersion | None":
        """What was made of it last: where redo leads."""
        return self.filter(before=version).order_by("-number").first()

    def lately(self, merchant: Merchant, *, most: int) -> list["DesignVersion"]:
        return list(self.of(merchant).select_related("by").order_by("-number")[:most])


class DesignVersion(Appearance):
    """The design after one saved step. Written once: undo goes back to an earlier one."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    design = models.ForeignKey(
        CardDesign, models.CASCADE, related_name="versions", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    before = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    picture = models.ForeignKey(
        CardPicture, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    crop_x = models.PositiveSmallIntegerField(default=0)  # thousandths of the picture's width
    crop_y = models.PositiveSmallIntegerField(default=0)  # thousandths of its height
    crop_width = models.PositiveSmallIntegerField(default=PERMILLE)  # thousandths of its width
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField(db_default=Now())

    objects = DesignVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("design version")
        verbose_name_plural = _("design versions")
        constraints = [
            models.UniqueConstraint(name="design_version_of_merchant", fields=["merchant", "id"]),
            models.UniqueConstraint(name="design_version_numbered_once", fields=["design", "number"]),
            models.CheckConstraint(
                name="design_version_cuts_inside_the_picture",
                condition=Q(crop_width__gt=0, crop_width__lte=PERMILLE - F("crop_x"))
                & Q(crop_y__lt=PERMILLE),
            ),
            *_sane("design_version"),
        ]
        triggers = [append_only("design_versions_are_written_once")]

    def __str__(self) -> str:
        return f"{self.number}"

    def content(self) -> dict[str, Any]:
        """What a step changes and the next version inherits."""
        cropped = ("picture_id", "crop_x", "crop_y", "crop_width")
        return self.appearance() | {name: getattr(self, name) for name in cropped}
