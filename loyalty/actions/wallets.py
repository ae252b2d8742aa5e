"""Keeping passes in wallets fresh: noting that a card has changed, and the phones that want to hear of it."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, F, Func, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone

from loyalty.models import CardMedium, PassDevice, WalletPass

GATHER = timedelta(seconds=2)  # what changes within it is told once
SECOND = timedelta(seconds=1)
DEVICES = 20  # of one pass: a person's phones and watches, restored a few times


def keep_fresh(medium: CardMedium, *, moment: datetime) -> WalletPass:
    """The secret of a pass, made with it. Part of the verb that makes the pass."""
    facts = {"merchant_id": medium.merchant_id, "secret": secrets.token_urlsafe(32)}
    facts["changed_at"] = moment.replace(microsecond=0)
    return WalletPass.objects.get_or_create(medium=medium, defaults=facts)[0]


@transaction.atomic
def card_changed(card_id: int, *, moment: datetime | None = None) -> int:
    """What a pass shows of the card may be another thing now; returns how many passes that concerns.

    What is waiting to be told stays when it was to be told, so many changes at once are one.
    """
    return _stale(WalletPass.objects.filter(medium__card=card_id), moment or timezone.now())


def _stale(passes: QuerySet[WalletPass], moment: datetime) -> int:
    now, soon = Value(moment, DateTimeField()), Value(moment + GATHER, DateTimeField())
    up = Func(Value("second"), now, function="date_trunc", output_field=DateTimeField())
    return passes.update(
        changed_at=Greatest(up + SECOND, F("changed_at") + SECOND),
        due_at=Least(Coalesce(F("due_at"), soon), soon),
        attempts=0,
        parked_at=None,
    )


@transaction.atomic
def register_device(found: WalletPass, device: str, push_token: str) -> bool:
    """The phone hears of changes from now on. False where it did already; its token may be a new one."""
    locked = WalletPass.objects.select_for_update(no_key=True).get(pk=found.pk)
    known = {"merchant_id": locked.merchant_id, "push_token": push_token}
    _row, new = PassDevice.objects.update_or_create(wallet_pass=locked, device=device, defaults=known)
    PassDevice.objects.filter(device=device).update(push_token=push_token)
    if new:
        surplus = PassDevice.objects.filter(wallet_pass=locked).order_by("-registered_at", "-pk")[DEVICES:]
        PassDevice.objects.filter(pk__in=[one.pk for one in surplus]).delete()
    return new


@transaction.atomic
def unregister_device(found: WalletPass, device: str) -> None:
    PassDevice.objects.filter(wallet_pass=found, device=device).delete()


@transaction.atomic
def forget_token(push_token: str) -> None:
    """Apple says that nobody listens there any more."""
    PassDevice.objects.filter(push_token=push_token).delete()
