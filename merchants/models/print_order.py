"""What a merchant asks of the platform: print these and send the parcel. Of what, an app says."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merchants.models.merchant import Merchant


class OrderState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    PRINTING = "printing", _("In print")
    SENT = "sent", pgettext_lazy("print order", "On its way")
    RECEIVED = "received", pgettext_lazy("print order", "Received")
    REFUSED = "refused", pgettext_lazy("print order", "Refused")


#: Which state may follow which; the staff's form and the verb both read it.
MOVES: dict[str, tuple[str, ...]] = {
    OrderState.REQUESTED: (OrderState.PRINTING, OrderState.REFUSED),
    OrderState.PRINTING: (OrderState.SENT, OrderState.REFUSED),
    OrderState.SENT: (OrderState.RECEIVED,),
    OrderState.RECEIVED: (),
    OrderState.REFUSED: (),
}
WAITING = ["requested", "printing"]  # for the platform's staff


def refusal_says_why(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=~Q(state=OrderState.REFUSED) | ~Q(reason=""))


def waiting_for_staff(name: str) -> models.Index:
    """Read by the staff's queue."""
    return models.Index(fields=["asked_at"], name=name, condition=Q(state__in=WAITING))


class PlatformPrintOrder(models.Model):
    """A subclass adds its ``batch``, which has a quantity, and its constraints by the two functions above."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=9, choices=OrderState, default=OrderState.REQUESTED)
    address = models.CharField(_("send to"), max_length=200)
    wish = models.CharField(_("wish"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.get_state_display()}"

    @property
    def moves(self) -> tuple[str, ...]:
        return MOVES[self.state]
