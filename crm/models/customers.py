"""What is done with customers' records: looks at their numbers, cards given to chosen ones."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models import Customer, Merchant
from portal.kernel.db import append_only
from portal.kernel.models import Job


class PhoneLook(models.Model):
    """Somebody who usually sees only the last digits looked at a customer's whole number. Written once."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="phone_looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("look at a phone number")
        verbose_name_plural = _("looks at phone numbers")
        indexes = [models.Index(fields=["merchant", "-id"], name="phone_look_of_merchant")]
        triggers = [append_only("phone_looks_are_written_once")]

    def __str__(self) -> str:
        return f"{self.by_id} → {self.customer_id}"


class CardGrant(models.Model):
    """Member cards given to chosen customers: by whom, to whom, and how far that has come."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    customers = models.JSONField()  # keys of the chosen, in ascending order
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    given = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("grant of cards")
        verbose_name_plural = _("grants of cards")
        constraints = [models.UniqueConstraint(name="cards_granted_once_per_key", fields=["merchant", "key"])]

    def __str__(self) -> str:
        return str(self.key)
