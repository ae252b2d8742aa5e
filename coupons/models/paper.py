"""Coupons on paper: printed in batches, nobody's until somebody scans one or uses it at the counter."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models.programmes import CouponProgramme
from merchants.models import Merchant
from merchants.models.print_order import PlatformPrintOrder, refusal_says_why, waiting_for_staff
from portal.kernel.audit import audited

MOST_IN_BATCH = 10_000
ON_SHEET = 10
NOBODYS = Q(customer=None, state__in=["issued", "returned"])  # of coupons; an undone use gives no holder


class PaperBatchQuerySet(models.QuerySet["PaperBatch"]):
    def of(self, programme: CouponProgramme) -> Self:
        return self.filter(merchant=programme.merchant_id, programme=programme).select_related("made_by")

    def with_counts(self) -> Self:
        """How many of each are nobody's, somebody's, used at least once, cancelled."""
        cancelled = Q(coupons__state="revoked")
        nobodys = Q(coupons__customer=None, coupons__state__in=["issued", "returned"])
        return self.annotate(
            nobodys=Count("coupons", filter=nobodys),
            taken=Count("coupons", filter=Q(coupons__customer__isnull=False) & ~cancelled),
            used=Count("coupons", filter=Q(coupons__times__gt=0)),
            cancelled=Count("coupons", filter=cancelled),
        )


class PaperBatch(models.Model):
    """So many coupons of one offer made at once to be printed. Made whole or not at all."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    programme = models.ForeignKey(
        CouponProgramme, models.PROTECT, related_name="batches", db_constraint=False
    )
    token = models.CharField(max_length=10, unique=True)
    quantity = models.PositiveSmallIntegerField(_("how many"))
    key = models.UUIDField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now())

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of paper coupons")
        verbose_name_plural = _("batches of paper coupons")
        constraints = [
            models.UniqueConstraint(name="paper_batch_once_per_key", fields=["merchant", "key"]),
            models.UniqueConstraint(name="paper_batch_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="paper_batch_of_one_to_ten_thousand",
                condition=Q(quantity__gte=1, quantity__lte=MOST_IN_BATCH),
            ),
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def sheets(self) -> int:
        """Of A4 paper; ten lie on each."""
        return -(-self.quantity // ON_SHEET)


@audited(inserts=False)
class PaperOrder(PlatformPrintOrder):
    """A merchant asks the platform to print a batch of coupons and send it to one of its outlets."""

    batch = models.OneToOneField(PaperBatch, models.PROTECT, related_name="order", db_constraint=False)

    class Meta:
        verbose_name = _("order of paper coupons")
        verbose_name_plural = _("orders of paper coupons")
        constraints = [refusal_says_why("refused_paper_order_says_why")]
        indexes = [waiting_for_staff("paper_order_open")]
