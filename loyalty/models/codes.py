"""Keys by which a holder's phone makes a new card code each minute, and the codes that have paid."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.models.membership import Card, Programme
from merchants.models import Merchant
from portal.kernel.audit import audited
from portal.kernel.crypto import EncryptedTextField
from portal.kernel.db import append_only


class CardKeyQuerySet(models.QuerySet["CardKey"]):
    def live(self) -> Self:
        return self.filter(revoked_at=None)

    def of(self, card: Card) -> Self:
        return self.filter(card=card).order_by("-pk")


class CardKey(models.Model):
    """What one phone signs one card's codes with. Sealed here; on the phone no script can read it out."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="keys", db_constraint=False)
    device = models.CharField(_("device"), max_length=40)
    secret = EncryptedTextField()  # base64 of 32 bytes
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)  # when a code of it was last shown at a counter
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CardKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone with a card's code")
        verbose_name_plural = _("phones with a card's code")
        constraints = [models.UniqueConstraint(name="card_key_of_merchant", fields=["merchant", "id"])]

    def __str__(self) -> str:
        return self.device


class UsedCode(models.Model):
    """A code that has agreed to a payment: the same minute's code of the same phone does so only once."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card_key = models.ForeignKey(
        CardKey, models.PROTECT, related_name="used", db_constraint=False, db_index=False
    )
    minute = models.BigIntegerField()  # whole minutes since 1970
    key = models.UUIDField()  # of the request that used it
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("used card code")
        verbose_name_plural = _("used card codes")
        constraints = [models.UniqueConstraint(name="code_pays_once", fields=["card_key", "minute"])]
        triggers = [append_only("used_codes_are_written_once")]

    def __str__(self) -> str:
        return f"{self.card_key_id} {self.minute}"


class Proof(models.TextChoices):
    """What it takes to spend points."""

    CODE = "code", _("The code on the customer's phone, new each minute")
    PIN = "pin", _("The customer's PIN")


@audited()
class Safeguard(models.Model):
    """What a merchant asks of a holder before points are spent. Money always takes the PIN."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="safeguard")
    points_need = models.CharField(_("To spend points"), max_length=4, choices=Proof, default=Proof.CODE)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("safeguard of points")
        verbose_name_plural = _("safeguards of points")
        constraints = [
            models.CheckConstraint(
                name="safeguard_asks_for_code_or_pin", condition=Q(points_need__in=["code", "pin"])
            )
        ]

    def __str__(self) -> str:
        return self.get_points_need_display()
