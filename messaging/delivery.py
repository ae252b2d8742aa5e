"""The worker's part: claim, decide, send, settle. Nothing is sent inside a transaction.

A row goes queued → claimed → sending → sent, and each step is committed before the next begins:

* **claimed** belongs to one worker for a short lease. If that worker dies nothing has left, so the
  row simply goes back to the queue.
* **sending** is committed before the request leaves. If the worker dies now, nobody can know
  whether it arrived. A service message is sent again under the same token, by which the receiving
  end tells the copy from a second message; advertising is not, and staff see that it was broken off.

Every later write asks for the claim it was made under, so a worker that wakes up after its lease
has ended can't settle what another one has taken over.
"""

import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from messaging import caps, pace, parcels
from messaging.channels import Answer, Parcel, Verdict, way
from messaging.models import (
    Dispatch,
    Priority,
    Reason,
    State,
)
from messaging.models.message import DispatchQuerySet
from messaging.policy import Decision, Known, decide
from messaging.settling import LEASE, PARK_AFTER, forget, mine, turn

logger = logging.getLogger(__name__)
BATCH = 40


@dataclass(frozen=True)
class Claimed:
    claim: uuid.UUID
    rows: list[Dispatch]


def send_due(*, seconds: float = 3.0) -> bool:
    """Send what is due, urgent first, for some seconds; True when more is waiting. Safe in parallel."""
    settle_abandoned(timezone.now())
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(settings.MESSAGING_LANES) as pool:
        while time.monotonic() < end:
            batch = claim(timezone.now())
            if not batch.rows:
                return False
            _send(batch, pool)
    return True


def send_now(dispatch_id: int) -> None:
    """This one, here, because a person waits in front of the page; the worker finds it otherwise."""
    batch = _hold(Dispatch.objects.filter(pk=dispatch_id, state=State.QUEUED), timezone.now())
    with ThreadPoolExecutor(1) as pool:
        _send(batch, pool)


def settle_abandoned(moment: datetime) -> None:
    """Take back what dead workers held."""
    held = Dispatch.objects.abandoned(moment)
    back = {"state": State.QUEUED, "claim": None, "lease_until": None}
    held.filter(state=State.CLAIMED).update(**back)
    broken = held.filter(state=State.SENDING)
    broken.filter(at_most_once=True).update(state=State.UNSURE, reason=Reason.BROKEN_OFF)
    broken.filter(attempts__gte=PARK_AFTER).update(state=State.PARKED, last_error="worker lost")
    broken.update(**back)


def claim(moment: datetime) -> Claimed:
    """The next few of the most urgent queue that has any; rows that others hold are passed over."""
    for priority in Priority:
        batch = _hold(Dispatch.objects.due(moment, priority), moment)
        if batch.rows:
            return batch
    return batch


@transaction.atomic
def _hold(waiting: DispatchQuerySet, moment: datetime) -> Claimed:
    mine = uuid.uuid4()
    ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    if not ids:
        return Claimed(mine, [])
    rows = Dispatch.objects.filter(pk__in=ids)
    rows.update(state=State.CLAIMED, claim=mine, lease_until=moment + LEASE)
    return Claimed(mine, list(rows.select_related("message__person").order_by("due_at", "pk")))


def _send(batch: Claimed, pool: ThreadPoolExecutor) -> None:
    """Keep every lane busy; what has ended is settled in the transaction that begins the next."""
    ready = _decide(batch)
    flying: dict[Future[Answer], Dispatch] = {}
    ended: list[tuple[Dispatch, Answer]] = []
    while True:
        starting = list(islice(ready, settings.MESSAGING_LANES - len(flying)))
        for row, parcel in turn(batch.claim, ended, starting):
            flying[_start(pool, row, parcel)] = row
        if not flying:
            return
        done, _others = wait(flying, return_when=FIRST_COMPLETED)
        ended = [(flying.pop(future), _answer(future)) for future in done]


def _start(pool: ThreadPoolExecutor, row: Dispatch, parcel: Parcel) -> "Future[Answer]":
    channel = way(row.channel)
    if channel.networked:
        return pool.submit(channel.send, parcel)
    here: Future[Answer] = Future()
    try:
        here.set_result(channel.send(parcel))
    except Exception as fault:  # answered below like one from a thread
        here.set_exception(fault)
    return here


def _answer(future: "Future[Answer]") -> Answer:
    """An error that no way foresaw: nobody can say how far it came."""
    if fault := future.exception():
        logger.error("sending failed: %s", type(fault).__name__, exc_info=fault)
        return Answer(Verdict.UNCLEAR, type(fault).__name__)
    return future.result()


def _decide(batch: Claimed) -> Iterator[tuple[Dispatch, Parcel]]:
    """Those that may go, rendered; what may not is written down with its reason at once."""
    moment = timezone.now()
    known = Known.about(batch.rows, moment)
    put_off: dict[Decision, list[int]] = defaultdict(list)
    may: list[tuple[Dispatch, Decision]] = []
    for row in batch.rows:
        decision = _judged(row, known, moment)
        if decision is None:
            continue
        if decision.reason:
            put_off[decision].append(row.pk)
        else:
            may.append((row, decision))
    ready = [
        (row, parcel)
        for row, decision in _let_through(may, put_off, moment)
        if (parcel := _rendered(row, decision, moment))
    ]
    for decision, ids in put_off.items():
        mine(batch.claim, ids, State.CLAIMED).update(**_written_down(decision))
        if not decision.later:
            forget(row for row in batch.rows if row.pk in set(ids))
    return iter(ready)


def _judged(row: Dispatch, known: Known, moment: datetime) -> Decision | None:
    """A row that can't be judged is parked for staff; the others of its batch go on."""
    try:
        if not way(row.channel).is_set_up():
            return Decision(reason=Reason.NOT_SET_UP)
        return decide(row, known, moment)
    except Exception as fault:
        _park(row, fault)
        return None


def _let_through(
    may: list[tuple[Dispatch, Decision]], put_off: dict[Decision, list[int]], moment: datetime
) -> list[tuple[Dispatch, Decision]]:
    """Within the provider's pace first, for who waits for it must not use up a place under a cap."""
    in_time: list[tuple[Dispatch, Decision]] = []
    for channel in {row.channel for row, _decision in may}:
        theirs = [one for one in may if one[0].channel == channel]
        given = pace.permits(channel, len(theirs), moment)
        in_time += theirs[:given]
        if waiting := [row.pk for row, _decision in theirs[given:]]:
            later = moment + timedelta(seconds=pace.again_in(channel, len(waiting)))
            put_off[Decision(later=later)] += waiting
    admitted = caps.admit([row for row, _decision in in_time], moment)
    put_off[Decision(reason=Reason.CAPPED)] += [r.pk for r, _decision in in_time if r.pk not in admitted]
    return [one for one in in_time if one[0].pk in admitted]


def _written_down(decision: Decision) -> dict[str, object]:
    free = {"reason": decision.reason, "claim": None, "lease_until": None}
    if decision.later:
        return free | {"state": State.QUEUED, "due_at": decision.later}
    return free | {"state": State.SKIPPED}


def _rendered(row: Dispatch, decision: Decision, moment: datetime) -> Parcel | None:
    """A kind that is gone or a text that doesn't fit its values is parked for staff to see."""
    try:
        return parcels.make(row, decision.address, moment)
    except (LookupError, ValueError, TypeError) as fault:
        _park(row, fault)
        return None


def _park(row: Dispatch, fault: Exception) -> None:
    logger.error("message can't be sent", extra={"kind": row.message.kind}, exc_info=fault)
    Dispatch.objects.filter(pk=row.pk, claim=row.claim).update(
        state=State.PARKED, last_error=f"{type(fault).__name__}: {fault}"[:300]
    )
