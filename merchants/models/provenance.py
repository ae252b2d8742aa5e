"""Where each fact of a shop comes from: who gave it, who accepted it, and who has confirmed it since."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models.shop import Shop


class Fact(models.TextChoices):
    """What a listing says that can be right or wrong."""

    NAME = "name", _("Shop name")
    CATEGORY = "category", _("Category")
    LOCATION = "location", _("Place on the map")
    ADDRESS = "address", _("Address")
    HOURS = "hours", _("Opening hours")
    PHONE = "phone", _("Phone for customers")


class Origin(models.TextChoices):
    OWNER = "owner", _("the shop itself")
    VISITOR = "visitor", _("a visitor")
    OPEN_DATA = "opendata", _("open data")
    STAFF = "staff", _("our staff")


class ProvenanceQuerySet(models.QuerySet["Provenance"]):
    def of(self, shop: Shop) -> Self:
        return self.filter(shop=shop)

    def given_by_people(self) -> Self:
        """What an import must leave alone."""
        return self.exclude(origin=Origin.OPEN_DATA)


class Provenance(models.Model):
    """The source of one fact as it stands now. Written by the verbs that change facts, with them."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="provenance", db_index=False)
    fact = models.CharField(max_length=8, choices=Fact)
    origin = models.CharField(max_length=8, choices=Origin)
    source = models.CharField(max_length=40, blank=True)  # of open data: its short name, such as osm
    licence = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    accepted_as = models.CharField(max_length=8, choices=Origin, blank=True)  # the owner or our staff
    noted_at = models.DateTimeField()  # since when the fact reads like this
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmations = models.PositiveIntegerField(default=0)  # by visitors, since the fact reads like this

    objects = ProvenanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of a fact")
        verbose_name_plural = _("sources of facts")
        constraints = [
            models.UniqueConstraint(name="fact_has_one_source", fields=["shop", "fact"]),
            models.CheckConstraint(
                name="open_data_says_its_source",
                condition=~Q(origin=Origin.OPEN_DATA) | ~Q(source=""),
            ),
            models.CheckConstraint(
                name="only_a_visitors_fact_is_accepted",
                condition=Q(accepted_as="") | Q(origin=Origin.VISITOR),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_fact_display()}: {self.get_origin_display()}"


class Confirmation(models.Model):
    """One person who was there says that the listing is still true: at most once a quarter."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    quarter = models.DateField()  # its first day
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("confirmation of a listing")
        verbose_name_plural = _("confirmations of listings")
        constraints = [
            models.UniqueConstraint(
                name="listing_confirmed_once_a_quarter", fields=["shop", "by", "quarter"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.quarter}"
