"""The worker's part: which passes changed, the wallets told, the rest tried again. Nothing is sent inside a
transaction.

A row is claimed by putting it off for a lease, which is committed before anything leaves; a worker that dies
leaves it due again. Delays and parking are the outbox's: 2, 4, 8 … seconds, an hour at most; ten tries.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from loyalty.models import MediumKind, WalletPass
from loyalty.wallets import apple, google, push
from loyalty.wallets.face import fresh_face
from portal.kernel.events import LEASE_SECONDS, PARK_AFTER
from portal.kernel.logs import scrub

logger = logging.getLogger(__name__)
BATCH = 20


def send_due(*, limit: int = 200) -> int:
    """Tell what is due; returns how many passes. Safe to run in parallel."""
    done = 0
    while done < limit and (batch := _claim(timezone.now())):
        for one in batch:
            _send(one)
        done += len(batch)
    return done


@transaction.atomic
def _claim(moment: datetime) -> list[WalletPass]:
    rows = list(WalletPass.objects.in_full().due(moment)[:BATCH])
    for row in rows:
        row.attempts += 1
        row.due_at = moment + timedelta(seconds=max(LEASE_SECONDS, _delay(row.attempts)))
    WalletPass.objects.bulk_update(rows, ["attempts", "due_at"])
    return rows


def _delay(attempts: int) -> int:
    return int(min(2**attempts, 3600))


def _send(one: WalletPass) -> None:
    try:
        if one.medium.kind == MediumKind.APPLE and apple.is_configured():
            push.tell_devices(one)
        elif one.medium.kind == MediumKind.GOOGLE and google.is_configured():
            google.update(fresh_face(one.medium))
    except Exception as fault:  # one wallet that can't be reached must not stop the others
        _postpone(one, fault)
    else:
        # changed again meanwhile, it stays due
        told = WalletPass.objects.filter(pk=one.pk, changed_at=one.changed_at)
        told.update(due_at=None, attempts=0, last_error="")


def _postpone(one: WalletPass, fault: Exception) -> None:
    now = timezone.now()
    parked = now if one.attempts >= PARK_AFTER else None
    said = scrub(f"{type(fault).__name__}: {fault}").replace("\0", "")[:300]
    WalletPass.objects.filter(pk=one.pk, attempts=one.attempts).update(
        due_at=now + timedelta(seconds=_delay(one.attempts)), last_error=said, parked_at=parked
    )
    logger.error("a wallet wasn't told", exc_info=fault, extra={"medium": one.pk})
