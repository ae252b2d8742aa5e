"""The policy over a whole audience at once: may this reach them, on which way, from when; else why not.

The same rules as ``messaging.policy``, as one piece of SQL for a preview or a mailing to many. It
looks ahead; the policy is asked again for each message when it is about to leave, and that counts.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from messaging.caps import caps_for
from messaging.consent import by_default
from messaging.kinds import Kind
from messaging.models import Channel, Times

_JUDGED = """
person AS MATERIALIZED (
    SELECT u.id, u.is_active, u.phone_verified_at, u.phone_index, u.email_index,
           mute.id IS NOT NULL AS muted, quiet_ends
    FROM (SELECT DISTINCT id FROM ({people}) AS asked (id)) AS chosen
    JOIN kernel_user u ON u.id = chosen.id
    LEFT JOIN messaging_mute mute
        ON mute.person_id = u.id AND mute.merchant_id = %(merchant)s AND %(advertising)s
    LEFT JOIN messaging_times times ON times.person_id = u.id
    CROSS JOIN LATERAL (
        SELECT coalesce(times.quiet_from, %(quiet_from)s) AS sleeps,
               coalesce(times.quiet_until, %(quiet_until)s) AS wakes,
               %(moment)s AT TIME ZONE u.time_zone AS here
    ) AS clock
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN NOT %(advertising)s OR sleeps = wakes THEN NULL
            WHEN sleeps > wakes AND here::time >= sleeps
                THEN (here::date + 1 + wakes) AT TIME ZONE u.time_zone
            WHEN here::time < wakes AND (sleeps > wakes OR here::time >= sleeps)
                THEN (here::date + wakes) AT TIME ZONE u.time_zone
        END AS quiet_ends
    ) AS night
), capped AS (
    SELECT DISTINCT contact.person_id, cap.channel
    FROM jsonb_to_recordset(%(caps)s::jsonb) AS cap
        (number int, channel text, purposes text[], channels text[], since timestamptz, most int, own bool)
    JOIN messaging_contact contact
        ON contact.at > cap.since AND contact.purpose = ANY (cap.purposes)
        AND contact.channel = ANY (cap.channels) AND (NOT cap.own OR contact.merchant_id = %(merchant)s)
    WHERE contact.person_id IN (SELECT id FROM person)
    GROUP BY contact.person_id, cap.number, cap.channel, cap.most
    HAVING count(DISTINCT contact.message_id) >= cap.most
), judged AS MATERIALIZED (
    SELECT person.id AS person, way.channel,
        CASE
            WHEN %(useless_after)s::timestamptz <= %(moment)s THEN 'late'
            WHEN NOT is_active THEN 'account'
            WHEN muted THEN 'muted'
            WHEN NOT coalesce(choice.wanted, way.usual) THEN 'consent'
            WHEN way.channel = 'push' AND browser.person_id IS NULL
                OR way.channel = 'email' AND email_index IS NULL
                OR way.channel = 'sms' AND (phone_index IS NULL
                    OR %(advertising)s AND phone_verified_at IS NULL)
                OR dead.id IS NOT NULL THEN 'address'
            WHEN quiet_ends IS NOT NULL AND %(useless_after)s::timestamptz <= quiet_ends THEN 'quiet'
            WHEN quiet_ends IS NULL AND capped.person_id IS NOT NULL THEN 'cap'
            ELSE ''
        END AS reason,
        coalesce(quiet_ends, %(moment)s) AS due_at
    FROM person
    CROSS JOIN jsonb_to_recordset(%(ways)s::jsonb) AS way (channel text, usual bool)
    LEFT JOIN messaging_choice choice ON choice.person_id = person.id
        AND choice.purpose = %(purpose)s AND choice.channel = way.channel
    LEFT JOIN (
        SELECT DISTINCT person_id FROM messaging_pushsubscription
        JOIN django_session session ON session.session_key = session_id
        WHERE session.expire_date > %(moment)s
    ) AS browser ON browser.person_id = person.id AND way.channel = 'push'
    LEFT JOIN messaging_deadaddress dead ON dead.channel = way.channel
        AND dead.digest = CASE way.channel WHEN 'email' THEN email_index WHEN 'sms' THEN phone_index END
    LEFT JOIN capped ON capped.person_id = person.id AND capped.channel = way.channel
)
"""

_COUNT = "WITH {judged} SELECT channel, reason, count(*) FROM judged GROUP BY 1, 2"


def people_of(people: "models.QuerySet[Any, Any]") -> str:
    """The question as SQL with its values in it, to be put into another statement."""
    ours: Any = connection.ops
    return str(ours.compose_sql(*people.query.sql_with_params())).replace("%", "%%")


def judging(
    people: str,
    kind: Kind,
    channels: Sequence[Channel],
    *,
    merchant_id: int,
    moment: datetime,
    useless_after: datetime | None,
) -> tuple[str, dict[str, Any]]:
    """Two common table expressions: ``person``, and ``judged`` with person, channel, reason and due_at."""
    caps = [
        {
            "number": number,
            "channel": channel,
            "purposes": sorted(cap.purposes),
            "channels": sorted(cap.channels),
            "since": (moment - cap.window).isoformat(),
            "most": cap.most,
            "own": cap.each_merchant,
        }
        for channel in channels
        for number, cap in enumerate(caps_for(kind.purpose, channel))
    ]
    ways = [{"channel": channel, "usual": by_default(kind.purpose, channel)} for channel in channels]
    return _JUDGED.format(people=people), {
        "merchant": merchant_id,
        "purpose": kind.purpose.value,
        "advertising": kind.is_marketing,
        "moment": moment,
        "useless_after": useless_after,
        "quiet_from": Times.QUIET_FROM,
        "quiet_until": Times.QUIET_UNTIL,
        "caps": json.dumps(caps),
        "ways": json.dumps(ways),
    }


_READERS = """
WITH {judged} SELECT reader.language, count(*)
FROM judged JOIN kernel_user reader ON reader.id = judged.person
WHERE judged.reason = '' GROUP BY 1
"""


def readers_of(
    people: "models.QuerySet[Any, Any]",
    kind: Kind,
    channel: Channel,
    *,
    merchant_id: int,
    moment: datetime,
    useless_after: datetime | None = None,
) -> Counter[str]:
    """How many would get it on this channel, by the language they read it in: what ``cost_of`` asks for."""
    about: dict[str, Any] = {"merchant_id": merchant_id, "moment": moment, "useless_after": useless_after}
    judged, values = judging(people_of(people), kind, [channel], **about)
    with connection.cursor() as cursor:
        cursor.execute(_READERS.format(judged=judged), values)
        return Counter(dict(cursor.fetchall()))


def foresee(
    people: "models.QuerySet[Any, Any]",
    kind: Kind,
    *,
    merchant_id: int,
    moment: datetime,
    useless_after: datetime | None = None,
    channels: tuple[Channel, ...] = (),
) -> Counter[tuple[str, str]]:
    """How many would get it now, and how many not for which reason: ``{(channel, reason): people}``.

    The reason is empty for those who get it now or after their quiet hours.
    """
    loud = [one for one in channels or kind.channels if one != Channel.INBOX]
    judged, values = judging(
        people_of(people), kind, loud, merchant_id=merchant_id, moment=moment, useless_after=useless_after
    )
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(judged=judged), values)
        return Counter({(channel, reason): count for channel, reason, count in cursor.fetchall()})
