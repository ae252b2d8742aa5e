"""May this go out, to this person, on this way, now? And if not: why, or when.

Asked when a message is about to leave, not when it is written, so a "no" that a person says in
the middle of a mailing to thousands holds from the next few on.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings

from messaging.consent import by_default, is_fixed
from messaging.models import (
    Channel,
    Choice,
    DeadAddress,
    Dispatch,
    Mute,
    Purpose,
    PushSubscription,
    Reason,
    Times,
)
from messaging.quiet import quiet_until
from portal.kernel.models import User


@dataclass(frozen=True)
class Decision:
    """Send to ``address``, or skip for ``reason``, or look again at ``later``."""

    address: Any = None
    reason: Reason = Reason.NONE
    later: datetime | None = None


@dataclass(frozen=True)
class Known:
    """What the decisions for one batch need: five queries, however many people."""

    choices: dict[tuple[int, str, str], bool]
    times: dict[int, tuple[time, time]]
    browsers: dict[int, list[PushSubscription]]
    mutes: set[tuple[int, int]]
    dead: set[tuple[str, bytes]]

    @classmethod
    def about(cls, dispatches: Iterable[Dispatch], moment: datetime) -> "Known":
        dispatches = list(dispatches)
        people = {d.message.person_id for d in dispatches if d.message.person_id}
        pushed = {d.message.person_id for d in dispatches if d.channel == Channel.PUSH}
        browsers: dict[int, list[PushSubscription]] = defaultdict(list)
        if pushed:
            for found in PushSubscription.objects.live(moment).filter(person__in=pushed).order_by("pk"):
                browsers[found.person_id].append(found)
        rows = Choice.objects.filter(person__in=people)
        return cls(
            {(c.person_id, c.purpose, c.channel): c.wanted for c in rows},
            {t.pk: (t.quiet_from, t.quiet_until) for t in Times.objects.filter(person__in=people)},
            browsers,
            set(Mute.objects.filter(person__in=people).values_list("person", "merchant_id")),
            _dead_among(dispatches),
        )


def _dead_among(dispatches: Iterable[Dispatch]) -> set[tuple[str, bytes]]:
    people = [d.message.person for d in dispatches if d.message.person]
    digests = {bytes(one) for p in people for one in (p.email_index, p.phone_index) if one}
    found = DeadAddress.objects.filter(digest__in=digests).values_list("channel", "digest")
    return {(channel, bytes(digest)) for channel, digest in found}


def decide(dispatch: Dispatch, known: Known, moment: datetime) -> Decision:
    message, person = dispatch.message, dispatch.message.person
    if message.useless_after and message.useless_after <= moment:
        return Decision(reason=Reason.TOO_LATE)
    if person is None:  # to an address that has no account yet: a code, asked for a moment ago
        address = json.loads(message.sealed)["to"] if message.sealed else None
        return Decision(address) if address else Decision(reason=Reason.TOO_LATE)
    if not person.is_active:
        return Decision(reason=Reason.NO_ACCOUNT)
    if dispatch.at_most_once and (person.pk, message.merchant_id) in known.mutes:
        return Decision(reason=Reason.MUTED)
    if not _wants(dispatch, known):
        return Decision(reason=Reason.NO_CONSENT)
    address = _address(dispatch, person, known)
    if not address:
        return Decision(reason=Reason.NO_ADDRESS)
    return _quiet(dispatch, person, known, moment) or Decision(address)


def _wants(dispatch: Dispatch, known: Known) -> bool:
    purpose, channel = dispatch.message.purpose, dispatch.channel
    if is_fixed(purpose, channel):
        return True
    key = (dispatch.message.person_id or 0, purpose, channel)
    return known.choices.get(key, by_default(purpose, channel))


def _address(dispatch: Dispatch, person: User, known: Known) -> Any:
    if dispatch.channel == Channel.EMAIL:
        return person.email if _lives(dispatch, person.email_index, known) else None
    if dispatch.channel == Channel.SMS:
        if not _lives(dispatch, person.phone_index, known):
            return None
        # Advertising goes only to a number that the person has proved to be theirs.
        return person.phone if person.phone_verified_at or not dispatch.at_most_once else None
    return [browser for browser in known.browsers[person.pk] if browser.pk not in dispatch.reached]


def _lives(dispatch: Dispatch, index: Any, known: Known) -> bool:
    """Codes and warnings are tried all the same: a mailbox may be there again."""
    is_dead = bool(index) and (dispatch.channel, bytes(index)) in known.dead
    return not is_dead or dispatch.message.purpose == Purpose.ACCOUNT


def _quiet(dispatch: Dispatch, person: User, known: Known, moment: datetime) -> Decision | None:
    """Advertising waits until the quiet hours end, or is dropped when it is useless by then."""
    if not dispatch.at_most_once:
        return None
    start, end = known.times.get(person.pk, (Times.QUIET_FROM, Times.QUIET_UNTIL))
    later = quiet_until(moment, zone=person.time_zone or settings.HOME_TIME_ZONE, start=start, end=end)
    if later is None:
        return None
    useless = dispatch.message.useless_after
    if useless and useless <= later:
        return Decision(reason=Reason.QUIET_HOURS)
    return Decision(reason=Reason.QUIET_HOURS, later=later)
