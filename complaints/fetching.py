"""One round of the worker: every mail that waits in the mailbox, one after the other, each on its own.

Nothing goes over the network inside a transaction. One worker reads the mailbox at a time; it holds a lease
on the mailbox's row, so that a dead one is followed by the next after two minutes.
"""

import logging
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from complaints import actions
from complaints.mailbox import imap, place
from complaints.mailbox.imap import Box, Trouble
from complaints.mailbox.reading import Unreadable
from complaints.models import Mail, Mailbox, MailState, MailWhy

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # longer than the longest mail takes
SECONDS = 90.0  # of one round; what is left comes in the next


class Overtaken(Exception):
    """The lease has run out and another worker reads the mailbox."""


def fetch(*, seconds: float = SECONDS) -> int:
    """How many mails were dealt with; 0 when there is no mailbox or another worker is at it."""
    if not place.is_set_up() or not (lease := _lease()):
        return 0
    trouble, done = "", 0
    end = time.monotonic() + seconds
    try:
        with imap.opened() as box:
            for uid, size in box.waiting():
                _renew(lease)
                done += _take_in(box, uid, size)
                if time.monotonic() > end:
                    break
    except Overtaken:
        return done
    except Trouble as fault:
        trouble = f"{type(fault).__name__}: {fault}"[:200]
        logger.error("the mailbox can't be read: %s", trouble)
    _give_back(lease, trouble)
    return done


def _take_in(box: Box, uid: int, size: int) -> int:
    """One mail, and put away on the server after its transaction; what was done before is only put away."""
    mail = actions.arrive(box.validity, uid, size, moment=timezone.now())
    if mail.state == MailState.ARRIVING:
        if mail.tries > actions.MOST_TRIES:
            actions.park(mail, MailWhy.BROKE_OFF)
        elif not _read(box, mail):
            return 0
    box.put_away(uid)
    return 1


def _read(box: Box, mail: Mail) -> bool:
    """False when it isn't there any more. Whatever goes wrong with this mail stops no other."""
    whole = mail.size <= settings.MAILBOX_LARGEST
    raw = box.raw(mail.uid, head_only=not whole)
    if raw is None:
        return False
    mail = actions.keep_mail(mail, raw)
    try:
        actions.receive_mail(mail, raw, moment=timezone.now(), whole=whole)
    except Unreadable as fault:
        actions.park(mail, MailWhy.UNREADABLE, str(fault))
    except Exception as fault:  # parked with its reason; the trace is in the log
        logger.exception("mail %s can't be taken in", mail.pk)
        actions.park(mail, MailWhy.UNREADABLE, type(fault).__name__)
    return True


def _lease() -> uuid.UUID | None:
    now, mine = timezone.now(), uuid.uuid4()
    Mailbox.objects.get_or_create(pk=1)
    free = Mailbox.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), pk=1)
    return mine if free.update(lease=mine, lease_until=now + LEASE, tried_at=now) else None


def _renew(lease: uuid.UUID) -> None:
    if not Mailbox.objects.filter(lease=lease).update(lease_until=timezone.now() + LEASE):
        raise Overtaken


def _give_back(lease: uuid.UUID, trouble: str) -> None:
    told = {"trouble": trouble} if trouble else {"trouble": "", "fetched_at": timezone.now()}
    Mailbox.objects.filter(lease=lease).update(lease=None, lease_until=None, **told)
