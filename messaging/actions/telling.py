"""Telling people things: one message per person and occurrence, written with the fact it tells of."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from messaging.kinds import Kind, storable
from messaging.models import Channel, Message, State
from messaging.models.message import DispatchQuerySet
from portal.kernel.hints import hint
from portal.kernel.models import User

CHUNK = 5000

# The inbox copy is written unless the person switched it off. A message that is already there
# is left alone, and gets no second dispatch.
_TELL = """
WITH told AS (
    INSERT INTO messaging_message
        (person_id, merchant_id, kind, occurrence, purpose, params, url, useless_after, in_inbox)
    SELECT who, %(merchant)s::bigint, %(kind)s, %(occurrence)s, %(purpose)s, %(params)s::jsonb, %(url)s,
           %(useless_after)s::timestamptz,
           %(inbox)s AND NOT EXISTS (
               SELECT 1 FROM messaging_choice
               WHERE person_id = who AND purpose = %(purpose)s AND channel = 'inbox' AND NOT wanted)
           AND NOT (%(at_most_once)s AND EXISTS (
               SELECT 1 FROM messaging_mute WHERE person_id = who AND merchant_id = %(merchant)s::bigint))
    FROM unnest(%(people)s::bigint[]) AS who
    ON CONFLICT DO NOTHING
    RETURNING id
), sent AS (
    INSERT INTO messaging_dispatch (message_id, channel, priority, at_most_once)
    SELECT told.id, channel, %(priority)s, %(at_most_once)s
    FROM told CROSS JOIN unnest(%(channels)s::text[]) AS channel
)
SELECT count(*) FROM told
"""


@transaction.atomic
def tell(
    person: User,
    kind: Kind,
    *,
    occurrence: str,
    url: str = "",
    useless_after: datetime | None = None,
    merchant_id: int | None = None,
    **params: Any,
) -> Message:
    """Write the message into the sender's transaction; the worker delivers it after the commit.

    ``occurrence`` names what happened (``purchase:812``): telling it again changes nothing.
    ``merchant_id`` is on whose behalf: advertising is counted and can be muted by merchant.
    ``params`` fill the kind's texts; times and dates are shown in the receiver's zone and language.
    """
    facts: dict[str, Any] = {"url": url, "useless_after": useless_after, "merchant_id": merchant_id}
    tell_many([person.pk], kind, occurrence=occurrence, **facts, **params)
    return Message.objects.get(person=person, kind=kind.name, occurrence=occurrence)


@transaction.atomic
def tell_many(
    people: Iterable[int],
    kind: Kind,
    *,
    occurrence: str,
    url: str = "",
    useless_after: datetime | None = None,
    merchant_id: int | None = None,
    **params: Any,
) -> int:
    """The same to many at once (ids of persons); returns how many had not been told before.

    One statement for 5,000 people. An interrupted run can be repeated: who was told is left alone.
    """
    stored = storable(params)
    kind.written(stored)  # a missing value is the sender's mistake and shows here, not in the worker
    values = {
        "merchant": merchant_id,
        "kind": kind.name,
        "occurrence": occurrence,
        "purpose": kind.purpose.value,
        "params": json.dumps(stored),
        "url": url,
        "useless_after": useless_after,
        "inbox": Channel.INBOX in kind.channels,
        "priority": kind.queue.value,
        "at_most_once": kind.is_marketing,
        "channels": [channel.value for channel in kind.channels if channel != Channel.INBOX],
    }
    ids = sorted(set(people))
    told = 0
    with connection.cursor() as cursor:
        for start in range(0, len(ids), CHUNK):
            cursor.execute(_TELL, values | {"people": ids[start : start + CHUNK]})
            told += cursor.fetchone()[0]
    if told and values["channels"]:
        transaction.on_commit(look_now, robust=True)
    return told


def look_now() -> None:
    hint("messaging.tasks.send_due")


def mark_read(person: User, message_id: int | None = None, *, url: str = "") -> int:
    """One message, those that lead to ``url`` (its page was opened), or all that are in the inbox now."""
    unread = Message.objects.of(person).unread()
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    if url:
        unread = unread.filter(url=url)
    return unread.update(read_at=timezone.now())


def try_again(dispatches: DispatchQuerySet) -> int:
    """Give parked dispatches ten more tries. Staff decide this, knowing what was broken off."""
    again = dispatches.parked().update(
        state=State.QUEUED, reason="", attempts=0, due_at=timezone.now(), claim=None, lease_until=None
    )
    transaction.on_commit(look_now, robust=True)
    return again
