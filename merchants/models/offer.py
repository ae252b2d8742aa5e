"""What a shop offers and shows: its price list and its pictures."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models.shop import Shop
from merchants.photos import srcset_of, url_of
from merchants.wording import in_language
from portal.kernel.audit import audited


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered(self) -> Self:
        return self.filter(removed_at=None).order_by("position", "pk")


@audited(leave_out=["position"])
class Service(models.Model):
    """Something a shop does or sells, at a price."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="services")
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    price = models.PositiveIntegerField(_("price"))  # minor units
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True, db_default="")
    description_en = models.TextField(_("description in English"), blank=True, db_default="")
    photo = models.ForeignKey("merchants.Photo", models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            # also what makes sending a price list twice harmless
            models.UniqueConstraint(
                name="service_named_once_per_shop",
                fields=["shop", "name"],
                condition=Q(removed_at=None),
            ),
        ]
        indexes = [models.Index(fields=["shop", "position", "id"], name="service_of_shop")]
        triggers = [
            # a bank or a toilet is listed only, whatever way a row comes in
            pgtrigger.Trigger(
                name="discovery_only_shop_sells_nothing",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("shop_id"),
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT FROM merchants_shop
                        JOIN merchants_category ON merchants_category.id = category_id
                        WHERE merchants_shop.id = NEW.shop_id AND is_discovery_only
                    ) THEN
                        RAISE EXCEPTION 'discovery_only_shop_sells_nothing' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its own page on the storefront, which belongs to an app above."""
        return f"{self.shop.get_absolute_url()}services/{self.pk}/"

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def says(self) -> str:
        return in_language(self.description, self.description_en)


class PhotoKind(models.TextChoices):
    """What a picture shows, in the order in which people look at a shop."""

    FRONT = "front", _("Frontage")
    INSIDE = "inside", _("Inside")
    EQUIPMENT = "tools", _("Equipment")
    WORK = "work", _("Our work")
    MENU = "menu", _("Menu or price list")
    OTHER = "other", _("Something else")


class Photo(models.Model):
    """A picture of a shop, stored re-encoded in several sizes without its metadata."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="photos")
    stem = models.CharField(max_length=120, unique=True)  # files are <stem>-<width>.webp
    digest = models.BinaryField(max_length=32)  # SHA-256 of what was uploaded: the same picture counts once
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    kind = models.CharField(
        _("kind"), max_length=6, choices=PhotoKind, default=PhotoKind.FRONT, db_default="front"
    )
    alt = models.CharField(_("what the picture shows"), max_length=120, blank=True)
    alt_en = models.CharField(
        _("what the picture shows, in English"), max_length=160, blank=True, db_default=""
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.UniqueConstraint(name="photo_once_per_shop", fields=["shop", "digest"]),
        ]
        indexes = [models.Index(fields=["shop", "position", "id"], name="photo_of_shop")]

    def __str__(self) -> str:
        return self.alt or self.stem

    @property
    def shows(self) -> str:
        """For who can't see it, in the reader's language."""
        return in_language(self.alt, self.alt_en)

    @property
    def url(self) -> str:
        return url_of(self.stem, 384)

    @property
    def srcset(self) -> str:
        return srcset_of(self.stem)
