"""The roster: one merchant's record of a person, with or without an account on the portal."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import Merchant
from portal.kernel.audit import audited
from portal.kernel.crypto import BlindIndexField, EncryptedTextField, blind_indexes, is_index_of
from portal.kernel.models import User


class CustomerQuerySet(models.QuerySet["Customer"]):
    def of(self, merchant: Merchant) -> Self:
        """Each person once: records that were merged into another are left out."""
        return self.filter(merchant=merchant, merged_away=None)

    def with_phone(self, phone: str) -> Self:
        return self.filter(phone_index__in=blind_indexes(phone))

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited(leave_out=["visits", "spent", "first_visit_at", "last_visit_at"])
class Customer(models.Model):
    """Somebody as this merchant knows them. Private to the merchant; carries the sums that care needs."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="customers", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="known_as",
    )
    name = EncryptedTextField(_("name"), blank=True, default="")
    phone = EncryptedTextField(_("phone"), null=True, blank=True)
    phone_index = BlindIndexField(of="phone")
    phone_tail = models.CharField(max_length=4, blank=True)  # what a cashier may see and search
    source = models.CharField(max_length=20, default="counter")
    visits = models.PositiveIntegerField(default=0)
    spent = models.BigIntegerField(default=0)  # minor units, refunds deducted
    first_visit_at = models.DateTimeField(null=True, blank=True)
    last_visit_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            # what a child's (merchant, customer) points at, so that it can't stand in another tenant
            models.UniqueConstraint(name="customer_of_merchant", fields=["merchant", "id"]),
            models.UniqueConstraint(name="customer_once_per_person", fields=["merchant", "user"]),
            models.UniqueConstraint(
                name="customer_once_per_phone",
                fields=["merchant", "phone_index"],
                condition=Q(phone_index__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "-last_visit_at", "id"],
                name="customer_by_last_visit",
            ),
            models.Index(fields=["merchant", "phone_tail"], name="customer_by_tail"),
        ]

    def __str__(self) -> str:
        return self.says()

    def is_person(self, user: User) -> bool:
        """The same person by account, or by phone: nobody rings up or credits a card of their own."""
        return self.user_id == user.pk or is_index_of(self.phone_index, user.phone)

    def says(self) -> str:
        if self.name:
            return str(self.name)
        return f"…{self.phone_tail}" if self.phone_tail else _("Customer %(id)s") % {"id": self.pk}
