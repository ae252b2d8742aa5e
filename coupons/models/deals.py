"""Flash deals: offers for minutes to hours, with a small stock."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from coupons.models.programmes import CouponProgramme, ProgrammeState
from merchants.models import Merchant


class FlashDealQuerySet(models.QuerySet["FlashDeal"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def running_at(self, moment: datetime) -> Self:
        running = {"starts_at__lte": moment, "ends_at__gt": moment, "state": ProgrammeState.PUBLISHED}
        return self.filter(**{f"programme__{name}": value for name, value in running.items()})


class FlashDeal(models.Model):
    """A coupon programme that runs for hours, not days; who hears of it is chosen, not whoever follows."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    programme = models.OneToOneField(
        CouponProgramme, models.PROTECT, related_name="flash_deal", db_constraint=False
    )
    made_at = models.DateTimeField(db_default=Now())

    objects = FlashDealQuerySet.as_manager()

    class Meta:
        verbose_name = _("flash deal")
        verbose_name_plural = _("flash deals")
        constraints = [models.UniqueConstraint(name="flash_deal_of_merchant", fields=["merchant", "id"])]

    def __str__(self) -> str:
        return str(self.programme_id)
