"""What a person follows, and the squares where they usually are: theirs alone, never a merchant's."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consumers.cells import Cell
from merchants.models import Category, Shop
from portal.kernel.db import append_only


class FollowedShop(models.Model):
    """Somebody wants to hear of a shop."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="followed_shops", db_index=False
    )
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+")
    followed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(name="shop_followed_once", fields=["person", "shop"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.shop_id}"


class FollowedCategory(models.Model):
    """Somebody wants to see one kind of shop first."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="followed_categories", db_index=False
    )
    category = models.ForeignKey(Category, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="category_followed_once", fields=["person", "category"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.category_id}"


class InterestsQuerySet(models.QuerySet["Interests"]):
    def due(self, moment: datetime) -> Self:
        """People who agreed to usual areas that were not worked out since then."""
        return self.filter(areas_on=True).filter(Q(computed_at=None) | Q(computed_at__lte=moment))

    def locked(self) -> Self:
        return self.order_by("pk").select_for_update(no_key=True)


class Interests(models.Model):
    """How far somebody goes, and whether the portal may work out where they usually are."""

    DISTANCES = (500, 1000, 2000, 5000)

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="interests"
    )
    distance_m = models.PositiveIntegerField(default=2000)
    areas_on = models.BooleanField(default=False)
    searches_on = models.BooleanField(default=False)
    computed_at = models.DateTimeField(null=True, blank=True)

    objects = InterestsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="searches_are_noted_only_for_areas", condition=Q(searches_on=False) | Q(areas_on=True)
            ),
        ]
        indexes = [
            # the weekly task's look for who is due
            models.Index(fields=["computed_at"], name="interests_due", condition=Q(areas_on=True)),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class OfSquare(models.Model):
    """Something about one square of some 500 m, see ``consumers.cells``."""

    row = models.IntegerField()
    column = models.IntegerField()

    class Meta:
        abstract = True

    @property
    def cell(self) -> Cell:
        return Cell(self.row, self.column)


class AreaCell(OfSquare):
    """A square where a person usually is: worked out weekly, or put there by the person."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="area_cells", db_index=False
    )
    weight = models.FloatField(default=0)
    purchases = models.PositiveIntegerField(default=0)
    searches = models.PositiveIntegerField(default=0)
    last_on = models.DateField(null=True, blank=True)
    is_own = models.BooleanField(default=False)  # put there by the person: it doesn't fade
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="area_cell_once", fields=["person", "row", "column"])]
        # who is usually around a place, for a message to them
        indexes = [models.Index(fields=["row", "column", "person"], name="area_cell_by_place")]

    def __str__(self) -> str:
        return str(self.cell)


class SearchCell(OfSquare):
    """That a person looked for something from a square on a day; kept thirty days, only with consent."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    on = models.DateField()
    times = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="search_cell_once_a_day", fields=["person", "row", "column", "on"])
        ]
        indexes = [models.Index(fields=["on"], name="search_cell_old")]

    def __str__(self) -> str:
        return f"{self.cell} {self.on}"


class HereNow(OfSquare):
    """The square in which a person is just now, because they said so; erased when the time is over."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="here_now"
    )
    until = models.DateTimeField(db_index=True)  # read by the task that erases

    class Meta:
        # who is around a place now, for a message to them
        indexes = [models.Index(fields=["row", "column"], name="here_now_by_place")]

    def __str__(self) -> str:
        return str(self.cell)


class LeftOut(models.Model):
    """A square that the person took away, as a keyed digest: it can be recognised, not read."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(name="cell_left_out_once", fields=["person", "digest"])]

    def __str__(self) -> str:
        return str(self.person_id)


class AreaPurpose(models.TextChoices):
    AREAS = "areas", _("Usual areas from purchases")
    SEARCHES = "searches", _("Searches for usual areas")
    NOW = "now", _("Position shared for half an hour")


class AreaConsent(models.Model):
    """One yes or no to usual areas: who, to what, in which words, when. Never changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=8, choices=AreaPurpose)
    agreed = models.BooleanField(_("agreed"))
    text_version = models.CharField(_("version of the text"), max_length=20)
    said_at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("consent to usual areas")
        verbose_name_plural = _("consents to usual areas")
        triggers = [append_only("area_consent_is_append_only")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose} {self.agreed}"
