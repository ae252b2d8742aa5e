"""Two records of one person on a merchant's roster, made one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models.customer import Customer
from merchants.models.merchant import Merchant
from portal.kernel.db import append_only


class CustomerMerge(models.Model):
    """``gone`` is the same person as ``kept``: what it had went along, and whoever asks for it is led on."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    kept = models.ForeignKey(Customer, models.PROTECT, related_name="took_in", db_constraint=False)
    gone = models.OneToOneField(Customer, models.PROTECT, related_name="merged_away", db_constraint=False)
    key = models.UUIDField()
    reason = models.CharField(max_length=120)
    moved = models.JSONField(default=dict)  # which rows went along
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    merged_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        constraints = [
            models.UniqueConstraint(name="customers_merged_once_per_key", fields=["merchant", "key"]),
            models.CheckConstraint(name="nobody_is_merged_into_themselves", condition=~Q(kept=F("gone"))),
        ]
        triggers = [append_only("customer_merges_are_written_once")]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
