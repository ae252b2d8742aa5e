"""Words that a merchant's staff put beside customers: "regular parking spot", "allergic to nuts", "VIP"."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models import Customer, Merchant
from portal.kernel.audit import audited


class TagQuerySet(models.QuerySet["Tag"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)


@audited()
class Tag(models.Model):
    """One word of a merchant's own; the same word in other letters is the same tag."""

    LONGEST = 20

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="tags", db_index=False)
    name = models.CharField(_("tag"), max_length=LONGEST)
    folded = models.CharField(max_length=60)  # of ``name``, without what case and width make different
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            # what a tagging's (merchant, tag) points at
            models.UniqueConstraint(name="tag_of_merchant", fields=["merchant", "id"]),
            models.UniqueConstraint(name="tag_once_per_merchant", fields=["merchant", "folded"]),
            models.CheckConstraint(name="tag_has_a_name", condition=~Q(name="") & ~Q(folded="")),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Tagging(models.Model):
    """That a customer has a tag, since when and by whom. Taking it off removes the row; the trail stays."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings", db_index=False, db_constraint=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="taggings", db_constraint=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("tag of a customer")
        verbose_name_plural = _("tags of customers")
        constraints = [models.UniqueConstraint(name="tagged_once", fields=["tag", "customer"])]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tag_id}"
