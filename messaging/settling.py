"""What becomes of a sending: its steps under the claim it was taken with, and what its end leaves behind."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from messaging.actions.addresses import mark_dead
from messaging.channels import Answer, Parcel, Verdict
from messaging.models import Channel, Contact, Dispatch, Message, PushSubscription, Reason, State
from messaging.models.message import DispatchQuerySet

LEASE = timedelta(seconds=settings.MESSAGING_LEASE_SECONDS)
PARK_AFTER = 10
LONGEST_WAIT = 3600

# The step that each sending takes twice, in one statement: what has left is settled as the next begins.
_MOVE = """
UPDATE messaging_dispatch SET
    state = CASE state WHEN 'sending' THEN 'sent' ELSE 'sending' END,
    attempts = attempts + CASE state WHEN 'sending' THEN 0 ELSE 1 END,
    sent_at = CASE state WHEN 'sending' THEN %(now)s ELSE sent_at END,
    reason = CASE state WHEN 'sending' THEN '' ELSE reason END,
    last_error = CASE state WHEN 'sending' THEN '' ELSE last_error END,
    claim = CASE state WHEN 'sending' THEN NULL ELSE claim END,
    lease_until = CASE state WHEN 'sending' THEN NULL ELSE %(lease)s END
WHERE claim = %(claim)s
  AND (state = 'sending' AND id = ANY (%(sent)s::bigint[])
       OR state = 'claimed' AND id = ANY (%(begin)s::bigint[]))
  AND id = ANY (%(sent)s::bigint[] || %(begin)s::bigint[])
RETURNING id
"""


def forget(rows: Iterable[Dispatch]) -> None:
    """What was sealed for the sending alone is not kept after it."""
    if secrets := [row.message_id for row in rows if row.message.sealed]:
        Message.objects.filter(pk__in=secrets).update(sealed=None)


def mine(claim: UUID, ids: list[int], state: State) -> DispatchQuerySet:
    return Dispatch.objects.filter(pk__in=ids, claim=claim, state=state)


def turn(
    claim: UUID,
    ended: list[tuple[Dispatch, Answer]],
    starting: list[tuple[Dispatch, Parcel]],
) -> list[tuple[Dispatch, Parcel]]:
    """Settle what has ended, mark what begins; returns what is still ours to send."""
    plain = [row for row, answer in ended if answer.verdict is Verdict.SENT and not answer.gone]
    if len(plain) == len(ended) and not any(row.message.sealed for row in plain):
        begun = _moved(claim, plain, starting)  # nearly always: one statement, and it commits by itself
    else:
        with transaction.atomic():
            _settle(claim, ended, timezone.now())
            begun = _moved(claim, [], starting)
    return [(row, parcel) for row, parcel in starting if row.pk in begun]


def _moved(claim: UUID, sent: list[Dispatch], starting: list[tuple[Dispatch, Parcel]]) -> set[int]:
    """From sending to sent and from claimed to sending, where it is still ours; keys of those that moved."""
    begin = [row.pk for row, _parcel in starting]
    if not sent and not begin:
        return set()
    now = timezone.now()
    values: dict[str, Any] = {"sent": [row.pk for row in sent], "begin": begin, "claim": claim, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values | {"lease": now + LEASE})
        return {pk for (pk,) in cursor.fetchall()}


def _settle(claim: UUID, ended: list[tuple[Dispatch, Answer]], moment: datetime) -> None:
    gone = [pk for _row, answer in ended for pk in answer.gone]
    if gone:
        PushSubscription.objects.filter(pk__in=gone).delete()
    sent = [row for row, answer in ended if answer.verdict is Verdict.SENT]
    _moved(claim, sent, [])
    forget(sent)
    for row, answer in ended:
        if answer.verdict is not Verdict.SENT:
            mine(claim, [row.pk], State.SENDING).update(**_after(row, answer, moment))
            _clean_up(row, answer)


def _clean_up(row: Dispatch, answer: Answer) -> None:
    """What reached nobody doesn't count against the caps; an address that is none is not tried again."""
    if answer.verdict not in (Verdict.GONE, Verdict.REFUSED):
        return
    Contact.objects.filter(dispatch=row).delete()
    person = row.message.person
    address = {Channel.EMAIL: person.email, Channel.SMS: person.phone} if person else {}
    if answer.verdict is Verdict.GONE and (dead := address.get(Channel(row.channel))):
        mark_dead(row.channel, dead, answer.detail)


def _after(row: Dispatch, answer: Answer, moment: datetime) -> dict[str, object]:
    """What becomes of a row that was not plainly sent: again later, never, or staff's business."""
    free: dict[str, object] = {
        "claim": None,
        "lease_until": None,
        "last_error": answer.detail[:300],
        "reached": [*row.reached, *answer.reached],
    }
    tries = row.attempts + 1
    if answer.verdict is Verdict.GONE:
        return free | {"state": State.SKIPPED, "reason": Reason.NO_ADDRESS}
    if answer.verdict is Verdict.UNCLEAR and row.at_most_once:
        return free | {"state": State.UNSURE, "reason": Reason.BROKEN_OFF}
    if answer.verdict is Verdict.REFUSED or tries >= PARK_AFTER:
        return free | {"state": State.PARKED}
    delay = min(max(2**tries, answer.wait), LONGEST_WAIT)
    return free | {"state": State.QUEUED, "due_at": moment + timedelta(seconds=delay)}
