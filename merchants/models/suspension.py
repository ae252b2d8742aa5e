"""Taking a merchant or one of its shops off every list, with a reason, until it is lifted."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant
from merchants.models.shop import Shop
from portal.kernel.audit import audited


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def standing(self) -> Self:
        return self.filter(lifted_at=None)


@audited()
class Suspension(models.Model):
    """Of a merchant with all its shops, or of one shop alone; the team reads the reason, visitors don't."""

    merchant = models.ForeignKey(
        Merchant, models.PROTECT, null=True, blank=True, related_name="suspensions", db_index=False
    )
    shop = models.ForeignKey(
        Shop, models.PROTECT, null=True, blank=True, related_name="suspensions", db_index=False
    )
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("since"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.CheckConstraint(
                name="suspension_of_a_merchant_or_a_shop",
                condition=Q(merchant=None, shop__isnull=False) | Q(merchant__isnull=False, shop=None),
            ),
            models.CheckConstraint(name="suspension_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="lifted_suspension_says_by_whom",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="merchant_suspended_once_at_a_time", fields=["merchant"], condition=Q(lifted_at=None)
            ),
            models.UniqueConstraint(
                name="shop_suspended_once_at_a_time", fields=["shop"], condition=Q(lifted_at=None)
            ),
        ]
        indexes = [models.Index(fields=["merchant", "-since"], name="suspensions_of_merchant")]

    def __str__(self) -> str:
        return str(self.merchant or self.shop)
