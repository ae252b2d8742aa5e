"""What a purchase was paid with where it wasn't paid at the counter: money from the member's card."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.models import Approval, Entry, ValueKind
from merchants.models import Merchant
from orders.models.purchases import Purchase


class Tender(models.Model):
    """A part of what was paid, in minor units: from what the holder had paid in, from the bonus, or by a
    visit of a pass, to which the holder agrees where the pass asks for it."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="tenders", db_index=False)
    kind = models.CharField(max_length=9, choices=ValueKind)
    amount = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="tender")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="tenders")

    class Meta:
        verbose_name = _("payment from a card")
        verbose_name_plural = _("payments from cards")
        constraints = [
            models.UniqueConstraint(name="tender_once_per_kind", fields=["purchase", "kind"]),
            models.CheckConstraint(name="tender_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="tender_is_agreed_money_or_a_visit",
                condition=Q(kind__in=(ValueKind.PRINCIPAL, ValueKind.BONUS), approval__isnull=False)
                | Q(kind=ValueKind.VISITS),
            ),
        ]

    def __str__(self) -> str:
        return str(self.amount)
