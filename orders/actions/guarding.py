"""Counting wrong codes, so that a till can't be used to guess them."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from merchants.models import Merchant
from orders.events import CodesGuessed
from orders.finding import FROM_ONE_ADDRESS
from orders.models import WrongCode
from portal.kernel.events import publish
from portal.kernel.limits import Limit, count_try
from portal.kernel.models import User

JUST_NOW = timedelta(minutes=5)
GUESSES = Limit("wrong codes at a merchant’s counters", most=1_000_000, seconds=3600)  # only counted
ALARM_EVERY = 100
logger = logging.getLogger(__name__)


@transaction.atomic
def note_wrong_code(merchant: Merchant, *, by: User, moment: datetime) -> None:
    """A look-up that led to nothing. Kept in the database: it outlives a lost cache and a new device."""
    WrongCode.objects.create(merchant=merchant, by=by, tried_at=moment)


def watch_for_guessing(merchant: Merchant, *, address: str) -> None:
    """Count a look-up that led to nothing, also one that was refused unread. Every full hundred within an
    hour raises the alarm. Not in a transaction: a roll-back would give the tries back.
    """
    count_try(FROM_ONE_ADDRESS, address)
    tries = GUESSES.most - count_try(GUESSES, merchant.pk)
    if tries % ALARM_EVERY == 0:
        _raise_alarm(merchant, tries)


@transaction.atomic
def _raise_alarm(merchant: Merchant, tries: int) -> None:
    logger.error("codes are being guessed at a counter", extra={"merchant": merchant.pk, "tries": tries})
    publish(CodesGuessed(merchant_id=merchant.pk, tries=tries))


@transaction.atomic
def forgive_wrong_code(*, by: User, moment: datetime) -> None:
    """A number that wasn't found because nobody had it yet was no guess: it became a member's just now."""
    last = WrongCode.objects.filter(by=by, tried_at__gt=moment - JUST_NOW).order_by("-tried_at", "-pk")
    WrongCode.objects.filter(pk__in=last.values("pk")[:1]).delete()


@transaction.atomic
def forget_wrong_codes(*, before: datetime) -> int:
    return WrongCode.objects.filter(tried_at__lt=before).delete()[0]
