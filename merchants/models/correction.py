"""What visitors say is wrong with a listing: proposals, until the owner or our staff decide about them."""

from typing import Self

from django.conf import settings
from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant
from merchants.models.provenance import Origin
from merchants.models.shop import Shop
from portal.kernel.audit import audited
from portal.kernel.models import User

ENOUGH = 2  # one person with an account, or two without one from different places, or our staff's own look
SIGNED_IN, ANONYMOUS = 2, 1


class Wrong(models.TextChoices):
    PLACE = "place", _("It is somewhere else")
    CLOSED = "closed", _("It has closed for good")
    DUPLICATE = "duplicate", _("It is listed twice")
    HOURS = "hours", _("The opening hours are wrong")
    PHONE = "phone", _("The phone number is wrong")
    NAME = "name", _("The name is wrong")


class CorrectionState(models.TextChoices):
    OPEN = "open", _("Waiting for a decision")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def waiting(self) -> Self:
        return self.filter(state=CorrectionState.OPEN)

    def for_owner(self, merchant: Merchant) -> Self:
        """What the owner decides: of their shops, said by enough people; merging is our staff's work."""
        ours = self.waiting().filter(shop__merchant=merchant, weight__gte=ENOUGH)
        return ours.exclude(wrong=Wrong.DUPLICATE).select_related("shop__category", "other", "by")

    def counted_for(self, shops: QuerySet[Shop], merchant: Merchant) -> QuerySet[Shop]:
        """Adds ``corrections_waiting``: how many of each shop the owner has to decide."""
        ours = self.for_owner(merchant).filter(shop=OuterRef("pk")).order_by().values("shop")
        count = ours.annotate(count=Count("pk")).values("count")
        return shops.annotate(corrections_waiting=Coalesce(Subquery(count), 0))

    def said_by(self, user: User, shop: Shop) -> Self:
        return self.filter(by=user, shop=shop).order_by("-pk")


@audited(leave_out=["weight"])
class Correction(models.Model):
    """One proposal: what is wrong and how it should read. Decided once, with a reason when declined."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="corrections", db_index=False)
    wrong = models.CharField(_("what is wrong"), max_length=9, choices=Wrong)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    device = models.BinaryField(max_length=32)  # blind index of the address it came from
    point = gis.PointField(geography=True, spatial_index=False, null=True, blank=True)  # WGS-84
    text = models.CharField(_("should read"), max_length=500, blank=True)
    other = models.ForeignKey(Shop, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    said = models.TextField(_("note"), blank=True)
    evidence = models.FileField(upload_to="evidence/", blank=True)
    before = models.CharField(_("read then"), max_length=500, blank=True)
    digest = models.BinaryField(max_length=32)  # of what is proposed: who says the same supports it
    weight = models.PositiveSmallIntegerField(default=0)  # of all who say the same
    state = models.CharField(_("state"), max_length=9, choices=CorrectionState, default=CorrectionState.OPEN)
    reason = models.TextField(_("reason for the decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_as = models.CharField(max_length=8, choices=Origin, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(unique=True)
    created_at = models.DateTimeField(_("reported"), db_default=Now())

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.UniqueConstraint(
                name="person_reports_a_thing_once_at_a_time",
                fields=["shop", "wrong", "by"],
                condition=Q(state="open", by__isnull=False),
            ),
            models.UniqueConstraint(
                name="device_reports_a_thing_once_at_a_time",
                fields=["shop", "wrong", "device"],
                condition=Q(state="open", by=None),
            ),
            models.CheckConstraint(
                name="correction_says_how_it_should_be",
                condition=Q(wrong=Wrong.CLOSED)
                | Q(wrong=Wrong.PLACE, point__isnull=False)
                | Q(wrong=Wrong.DUPLICATE, other__isnull=False)
                | Q(wrong__in=[Wrong.HOURS, Wrong.PHONE, Wrong.NAME]) & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="decided_correction_says_by_whom",
                condition=~Q(state__in=["accepted", "declined"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_as=""),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "wrong"], name="corrections_of_shop"),
            # the staff's queue, oldest first
            models.Index(fields=["created_at", "id"], name="corrections_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.shop}: {self.get_wrong_display()}"

    @property
    def proposed(self) -> str:
        """How it should read, in words."""
        if self.wrong == Wrong.PLACE and self.point:
            return f"{self.point.y:.6f}, {self.point.x:.6f}"
        if self.wrong == Wrong.DUPLICATE and self.other:
            return self.other.title
        return str(_("Closed for good")) if self.wrong == Wrong.CLOSED else self.text
