"""The spending PIN of a card: what is kept of it, every try at it, and the code that lets it be changed."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.membership import Card
from merchants.models import Merchant, Shop
from portal.kernel.db import append_only


class PinQuerySet(models.QuerySet["Pin"]):
    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class Pin(models.Model):
    """Six digits that only the holder knows; needed to spend what a card holds. Kept as a hash alone."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.OneToOneField(Card, models.PROTECT, related_name="pin", db_constraint=False)
    secret = models.CharField(max_length=200)  # argon2id over an HMAC; worthless without the pepper
    pepper = models.CharField(max_length=8)  # which one it was mixed with
    set_at = models.DateTimeField()
    spends_from = models.DateTimeField()  # later than set_at when the former PIN wasn't known
    wrong = models.PositiveSmallIntegerField(default=0)  # in a row, since the last right one or lock
    locks = models.PositiveSmallIntegerField(
        default=0
    )  # in a row; each lasts twice as long as the one before
    locked_until = models.DateTimeField(null=True, blank=True)
    shut_at = models.DateTimeField(null=True, blank=True)  # too many in a day: only a new PIN helps

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("spending PIN")
        verbose_name_plural = _("spending PINs")
        constraints = [
            models.UniqueConstraint(name="pin_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="pin_spends_no_earlier_than_it_was_set", condition=Q(spends_from__gte=models.F("set_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"PIN {self.pk}"

    def is_locked(self, moment: datetime) -> bool:
        return bool(self.shut_at or (self.locked_until and moment < self.locked_until))

    def cools_off(self, moment: datetime) -> bool:
        return moment < self.spends_from


class PinTryQuerySet(models.QuerySet["PinTry"]):
    def wrong_since(self, moment: datetime) -> Self:
        """Those not yet judged count as wrong: whoever tries many at once has none left."""
        return self.filter(is_right=False, tried_at__gt=moment)


class PinTry(models.Model):
    """One try at a PIN, written before it is judged, so that no fault and no hurry makes it uncounted."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    pin = models.ForeignKey(Pin, models.PROTECT, related_name="tries", db_constraint=False, db_index=False)
    tried_at = models.DateTimeField()
    is_right = models.BooleanField(default=False)
    # who stood at the shop's screen; nobody when it was the holder's own phone
    till = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    left: int  # tries before it is locked, as counted when this one was

    objects = PinTryQuerySet.as_manager()

    class Meta:
        verbose_name = _("try at a PIN")
        verbose_name_plural = _("tries at PINs")
        indexes = [
            # read before each try: how many were wrong today
            models.Index(fields=["pin", "tried_at"], name="pin_try_of_pin", condition=Q(is_right=False)),
            # read before each try at a shop's screen: how many this till got wrong
            models.Index(
                fields=["till", "tried_at"],
                name="pin_try_of_till",
                condition=Q(is_right=False, till__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pin_id} {self.tried_at:%F %T}"


class PinCode(models.Model):
    """Six digits sent to the holder's own phone: with them, and nothing else, a PIN is set anew."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.OneToOneField(Card, models.PROTECT, related_name="pin_code", db_constraint=False)
    index = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    round = models.UUIDField()  # tries are counted for each sending

    class Meta:
        verbose_name = _("code for a PIN")
        verbose_name_plural = _("codes for PINs")

    def __str__(self) -> str:
        return f"code of card {self.card_id}"


class PinChange(models.Model):
    """That a PIN was set, and whether the former one was known. Never which."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="pin_changes", db_constraint=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    is_reset = models.BooleanField()
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("change of a PIN")
        verbose_name_plural = _("changes of PINs")
        triggers = [append_only("pin_changes_are_written_once")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.changed_at:%F %T}"
