"""How much is enough: caps per merchant and over all of them, counted in the database.

Asked when advertising is about to leave. Who asks for one person waits for whoever is asking for the
same person, so five merchants that send at the same moment are counted one after the other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from messaging.models import Contact, Dispatch

TURNS = 7_216_002  # namespace of the advisory locks: one per person, only while caps are counted


@dataclass(frozen=True)
class Cap:
    """At most so many messages of these purposes on these channels in a window that ends now."""

    purposes: frozenset[str]
    channels: frozenset[str]
    most: int
    window: timedelta
    each_merchant: bool

    def covers(self, purpose: str, channel: str) -> bool:
        return purpose in self.purposes and channel in self.channels

    def is_full(self, contacts: Iterable[Contact], asked: Dispatch, moment: datetime) -> bool:
        """One message counts once, however many ways it takes."""
        message = asked.message
        if not self.covers(message.purpose, asked.channel):
            return False
        counted = {
            contact.message_id
            for contact in contacts
            if contact.at > moment - self.window
            and self.covers(contact.purpose, contact.channel)
            and (not self.each_merchant or contact.merchant_id == message.merchant_id)
        }
        return len(counted - {message.pk}) >= self.most


def all_caps() -> list[Cap]:
    return [
        Cap(
            purposes=frozenset(one["purposes"]),
            channels=frozenset(one["channels"]),
            most=one["most"],
            window=timedelta(hours=one["hours"]),
            each_merchant=one.get("each_merchant", False),
        )
        for one in settings.MESSAGING_CAPS
    ]


def caps_for(purpose: str, channel: str) -> list[Cap]:
    return [cap for cap in all_caps() if cap.covers(purpose, channel)]


@transaction.atomic
def admit(asked: list[Dispatch], moment: datetime) -> set[int]:
    """Keys of those that may leave; each is counted by the time the answer is there.

    What was let through before, and is only tried again, is not counted twice.
    """
    counted = [row for row in asked if row.at_most_once and row.message.person_id]
    through = {row.pk for row in asked} - {row.pk for row in counted}
    if not counted:
        return through
    people = sorted({row.message.person_id or 0 for row in counted})
    _take_turns(people)
    caps = all_caps()
    known = _contacts(people, counted, moment - max((cap.window for cap in caps), default=timedelta()))
    new: list[Contact] = []
    for row in counted:
        theirs = known[row.message.person_id or 0]
        if not any(contact.dispatch_id == row.pk for contact in theirs):
            if any(cap.is_full(theirs, row, moment) for cap in caps):
                continue
            new.append(_contact(row, moment))
            theirs.append(new[-1])
        through.add(row.pk)
    Contact.objects.bulk_create(new)
    return through


def _take_turns(people: list[int]) -> None:
    """Ascending, so that two workers with people in common never wait for each other in a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, (person %% 2147483647)::int)"
            " FROM unnest(%s::bigint[]) AS person",
            [TURNS, people],
        )


def _contacts(people: list[int], rows: list[Dispatch], since: datetime) -> dict[int, list[Contact]]:
    known: dict[int, list[Contact]] = defaultdict(list)
    lately = Q(at__gt=since) | Q(dispatch__in=[row.pk for row in rows])
    for contact in Contact.objects.filter(lately, person__in=people).order_by("pk"):
        known[contact.person_id].append(contact)
    return known


def _contact(row: Dispatch, moment: datetime) -> Contact:
    message = row.message
    return Contact(
        person_id=message.person_id or 0,
        merchant_id=message.merchant_id,
        purpose=message.purpose,
        channel=row.channel,
        dispatch=row,
        message_id=message.pk,
        at=moment,
    )
