"""Telling people things: one message per person and occurrence, written with the fact it tells of."""

import json
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.consent import TEXT_VERSION, by_default, is_fixed
from messaging.endpoints import are_keys, endpoint_hash, is_allowed
from messaging.kinds import Kind, storable
from messaging.models import (
    Channel,
    Choice,
    ConsentEntry,
    Message,
    PushSubscription,
    Source,
    State,
    Times,
)
from messaging.models.message import DispatchQuerySet
from portal.kernel.hints import hint
from portal.kernel.models import User
from portal.kernel.refused import Refused

CHUNK = 5000
MOST_BROWSERS = 10

# The inbox copy is written unless the person switched it off. A message that is already there
# is left alone, and gets no second dispatch.
_TELL = """
WITH told AS (
    INSERT INTO messaging_message (person_id, kind, occurrence, purpose, params, url, useless_after, in_inbox)
    SELECT who, %(kind)s, %(occurrence)s, %(purpose)s, %(params)s::jsonb, %(url)s,
           %(useless_after)s::timestamptz,
           %(inbox)s AND NOT EXISTS (
               SELECT 1 FROM messaging_choice
               WHERE person_id = who AND purpose = %(purpose)s AND channel = 'inbox' AND NOT wanted)
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
    **params: Any,
) -> Message:
    """Write the message into the sender's transaction; the worker delivers it after the commit.

    ``occurrence`` names what happened (``purchase:812``): telling it again changes nothing.
    ``params`` fill the kind's texts; times and dates are shown in the receiver's zone and language.
    """
    tell_many([person.pk], kind, occurrence=occurrence, url=url, useless_after=useless_after, **params)
    return Message.objects.get(person=person, kind=kind.name, occurrence=occurrence)


@transaction.atomic
def tell_many(
    people: Iterable[int],
    kind: Kind,
    *,
    occurrence: str,
    url: str = "",
    useless_after: datetime | None = None,
    **params: Any,
) -> int:
    """The same to many at once (ids of persons); returns how many had not been told before.

    One statement for 5,000 people. An interrupted run can be repeated: who was told is left alone.
    """
    stored = storable(params)
    kind.written(stored)  # a missing value is the sender's mistake and shows here, not in the worker
    values = {
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
        transaction.on_commit(_look_now, robust=True)
    return told


def _look_now() -> None:
    hint("messaging.tasks.send_due")


@transaction.atomic
def choose(
    person: User,
    wishes: dict[tuple[str, str], bool],
    *,
    source: Source,
) -> int:
    """Write down what a person wants to be told where: ``{(purpose, channel): yes or no}``.

    Only a change of mind makes an entry in the ledger; what can't be refused is left out. Returns
    how many entries were written.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two tabs write one after the other
    standing = {(c.purpose, c.channel): c.wanted for c in Choice.objects.of(person)}
    changed = {
        key: wanted
        for key, wanted in wishes.items()
        if not is_fixed(*key) and standing.get(key, by_default(*key)) != wanted
    }
    entries = [
        ConsentEntry(
            person=person,
            purpose=purpose,
            channel=channel,
            wanted=wanted,
            text_version=TEXT_VERSION,
            source=source,
        )
        for (purpose, channel), wanted in changed.items()
    ]
    ConsentEntry.objects.bulk_create(entries)
    Choice.objects.bulk_create(
        [Choice(person=person, purpose=p, channel=c, wanted=w) for (p, c), w in changed.items()],
        update_conflicts=True,
        unique_fields=["person", "purpose", "channel"],
        update_fields=["wanted"],
    )
    return len(entries)


def set_quiet_hours(person: User, quiet_from: time, quiet_until: time) -> None:
    """Equal times mean: never quiet."""
    Times.objects.update_or_create(
        person=person, defaults={"quiet_from": quiet_from, "quiet_until": quiet_until}
    )


@transaction.atomic
def subscribe_browser(
    person: User, session_key: str, *, endpoint: str, p256dh: str, auth: str
) -> PushSubscription:
    """This browser, in this session, may be notified. Whoever used it before no longer is. Twice is once."""
    if not is_allowed(endpoint) or not are_keys(p256dh, auth):
        raise Refused(
            _("This browser's notification service is not supported. Messages still come to your inbox.")
        )
    there = PushSubscription.objects.filter(endpoint_hash=endpoint_hash(endpoint))
    same = there.filter(person=person, session_id=session_key).first()
    if same and (same.p256dh, same.auth) == (p256dh, auth):
        return same
    there.delete()
    subscription = PushSubscription.objects.create(
        person=person,
        session_id=session_key,
        endpoint=endpoint,
        endpoint_hash=endpoint_hash(endpoint),
        p256dh=p256dh,
        auth=auth,
    )
    kept = PushSubscription.objects.filter(person=person).order_by("-pk").values("pk")[:MOST_BROWSERS]
    PushSubscription.objects.filter(person=person).exclude(pk__in=kept).delete()
    return subscription


def forget_browser(person: User, endpoint: str) -> None:
    PushSubscription.objects.filter(person=person, endpoint_hash=endpoint_hash(endpoint)).delete()


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
    transaction.on_commit(_look_now, robust=True)
    return again
