"""One message to many on a merchant's behalf; the statement that writes it asks the policy for each."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from messaging.actions.telling import look_now
from messaging.holding_out import DRAWN, drawing
from messaging.kinds import Kind, storable
from messaging.models import Channel, Dispatch, Mailing, Reason, State
from messaging.reach import judging, people_of

# People who are there already keep the message they have, and get no second dispatch.
_WRITE = """
WITH {judged}, {drawn}, told AS (
    INSERT INTO messaging_message
        (person_id, merchant_id, mailing_id, kind, occurrence, purpose, params, url, useless_after, in_inbox)
    SELECT person.id, %(merchant)s, %(mailing)s, %(kind)s, %(occurrence)s, %(purpose)s, %(params)s::jsonb,
           %(url)s, %(useless_after)s::timestamptz,
           %(inbox)s AND is_active AND NOT muted AND NOT EXISTS (
               SELECT FROM messaging_choice refused WHERE refused.person_id = person.id
                 AND refused.purpose = %(purpose)s AND refused.channel = 'inbox' AND NOT refused.wanted)
    FROM person WHERE person.id NOT IN (SELECT person_id FROM spared)
    ON CONFLICT DO NOTHING
    RETURNING id, person_id
), sent AS (
    INSERT INTO messaging_dispatch (message_id, channel, priority, at_most_once, state, reason, due_at)
    SELECT told.id, judged.channel, %(priority)s, %(advertising)s,
           CASE judged.reason WHEN '' THEN 'queued' ELSE 'skipped' END, judged.reason, judged.due_at
    FROM told JOIN judged ON judged.person = told.person_id
)
SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM person)
"""


@transaction.atomic
def mail_out(
    people: "models.QuerySet[Any, Any]",
    kind: Kind,
    *,
    merchant_id: int,
    occurrence: str,
    url: str = "",
    useless_after: datetime | None = None,
    channels: tuple[Channel, ...] = (),
    hold_seed: str = "",
    moment: datetime | None = None,
    **params: Any,
) -> Mailing:
    """Write a message to everybody whom ``people`` (keys of persons, one column) finds, in one statement.

    Each way to each person is queued, put off to the end of the quiet hours, or written down as not
    sent with its reason. The same ``occurrence`` again reaches those who were not chosen before.
    ``channels`` narrows the kind's own. ``hold_seed`` names the campaign: of a large audience a random part
    is held out (``messaging.holding_out``), the same one each time it is sent.
    """
    moment, stored = moment or timezone.now(), storable(params)
    kind.written(stored)
    ways = tuple(channel for channel in kind.channels if not channels or channel in channels)
    loud = [channel for channel in ways if channel != Channel.INBOX]
    facts = {"url": url, "useless_after": useless_after, "purpose": kind.purpose, "channels": loud}
    mailing, made = Mailing.objects.get_or_create(
        merchant_id=merchant_id,
        kind=kind.name,
        occurrence=occurrence,
        defaults={"params": stored, "made_at": moment, "hold_seed": hold_seed, **facts},
    )
    judged, values = judging(
        people_of(people), kind, loud, merchant_id=merchant_id, moment=moment, useless_after=useless_after
    )
    values |= {
        "mailing": mailing.pk,
        "kind": kind.name,
        "occurrence": occurrence,
        "params": json.dumps(stored),
        "url": url,
        "inbox": Channel.INBOX in ways,
        "priority": kind.queue.value,
    }
    _write(mailing, judged, values | drawing(mailing, kind, is_first=made))
    transaction.on_commit(look_now, robust=True)
    return mailing


def _write(mailing: Mailing, judged: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(judged=judged, drawn=DRAWN), values)
        told, asked = cursor.fetchone()
    changes: dict[str, Any] = {"chosen": models.F("chosen") + told}
    if values["percent"] and asked >= values["hold_out_from"]:
        changes["hold_percent"] = values["percent"]
    Mailing.objects.filter(pk=mailing.pk).update(**changes)
    mailing.refresh_from_db(fields=["chosen", "hold_percent"])


@transaction.atomic
def stop_mailing(mailing: Mailing, *, moment: datetime | None = None) -> int:
    """Hold back what has not left; returns how many. What a worker is just sending still arrives."""
    mailing = Mailing.objects.locked().get(pk=mailing.pk)
    if mailing.stopped_at is None:
        mailing.stopped_at = moment or timezone.now()
        mailing.save(update_fields=["stopped_at"])
    waiting = Dispatch.objects.filter(message__mailing=mailing, state__in=(State.QUEUED, State.CLAIMED))
    return waiting.update(state=State.SKIPPED, reason=Reason.STOPPED, claim=None, lease_until=None)
