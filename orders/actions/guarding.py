"""Counting wrong codes, so that a till can't be used to guess them."""

from datetime import datetime, timedelta

from django.db import transaction

from merchants.models import Merchant
from orders.models import WrongCode
from portal.kernel.models import User

JUST_NOW = timedelta(minutes=5)


@transaction.atomic
def note_wrong_code(merchant: Merchant, *, by: User, moment: datetime) -> None:
    """A look-up that led to nothing. Kept in the database: it outlives a lost cache and a new device."""
    WrongCode.objects.create(merchant=merchant, by=by, tried_at=moment)


@transaction.atomic
def forgive_wrong_code(*, by: User, moment: datetime) -> None:
    """A number that wasn't found because nobody had it yet was no guess: it became a member's just now."""
    last = WrongCode.objects.filter(by=by, tried_at__gt=moment - JUST_NOW).order_by("-tried_at", "-pk")
    WrongCode.objects.filter(pk__in=last.values("pk")[:1]).delete()


@transaction.atomic
def forget_wrong_codes(*, before: datetime) -> int:
    return WrongCode.objects.filter(tried_at__lt=before).delete()[0]
