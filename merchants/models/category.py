"""What kinds of everyday services there are, in both languages."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# Drawings of ``static/covers/covers.svg`` by the slug of a category or of its branch.
COVERS = {
    "dining": "restaurant",
    "milk-tea": "tea",
    "cafe": "tea",
    "groceries": "grocery",
    "beauty": "beauty",
    "hair": "hair",
    "laundry-care": "laundry",
    "repair": "repair",
    "cars": "carwash",
    "fitness": "fitness",
    "health": "pharmacy",
    "pets": "pet",
    "home-services": "repair",
    "office-services": "service",
    "public": "service",
}


class CategoryQuerySet(models.QuerySet["Category"]):
    def leaves(self) -> Self:
        """What a shop can be: a category without finer ones below it."""
        return self.filter(children=None).order_by("position", "pk")

    def roots(self) -> Self:
        return self.filter(parent=None).order_by("position", "pk")

    def keys_of(self, category: "Category") -> tuple[int, ...]:
        """A leaf's own key, or a branch's key and those of its leaves."""
        if category.parent_id is not None:
            return (category.pk,)
        return (category.pk, *self.filter(parent=category).order_by("pk").values_list("pk", flat=True))


class Category(models.Model):
    """A branch or leaf of the two-level category tree; says what its shops may do."""

    id = models.AutoField(primary_key=True)  # integer: the type that the two-column nearby index needs
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    synonyms = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    osm_tags = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # "amenity=cafe"
    icon = models.CharField(max_length=30, blank=True)
    is_bookable = models.BooleanField(_("can be booked"), default=False)
    is_sellable = models.BooleanField(_("can be sold"), default=True)
    is_discovery_only = models.BooleanField(_("listing only"), default=False)  # bank, post office, toilet
    position = models.PositiveSmallIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                name="discovery_only_sells_and_books_nothing",
                condition=Q(is_discovery_only=False) | Q(is_bookable=False, is_sellable=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cover(self) -> str:
        """The drawn picture for shops without a photo; wants ``parent`` at hand."""
        return COVERS.get(self.slug) or COVERS.get(self.parent.slug if self.parent else "", "shop")

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh
