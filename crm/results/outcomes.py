"""What became of a mailing, as its sender may see it: numbers, never names, and never very small ones."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.kinds import kind_called
from messaging.models import Channel, Mailing, Reason, State

FEWEST = 10  # below this a number could be about somebody
WAITING = (State.QUEUED, State.CLAIMED, State.SENDING)


def few(count: int) -> str:
    """A number that is about people one could not tell apart."""
    if 0 < count < FEWEST:
        return _("fewer than %(count)d") % {"count": FEWEST}
    return f"{count:,}"


@dataclass(frozen=True)
class Line:
    """One channel: how many have it, wait for it, and don't get it for which reason."""

    channel: str
    sent: str
    waiting: str
    skipped: list[tuple[str, str]]


@dataclass(frozen=True)
class Outcome:
    """``done`` of ``total`` ways have been dealt with."""

    mailing: Mailing
    title: str
    lines: list[Line]
    done: int
    total: int

    @property
    def is_over(self) -> bool:
        return self.done == self.total

    @property
    def says(self) -> str:
        chosen = self.mailing.chosen
        if 0 < chosen < FEWEST:
            return _("Fewer than %(count)d people chosen") % {"count": FEWEST}
        return ngettext("%(count)s person chosen", "%(count)s people chosen", chosen) % {
            "count": f"{chosen:,}"
        }


def outcome_of(mailing: Mailing) -> Outcome:
    counted = mailing.outcome()
    lines = [_line(channel, counted) for channel in mailing.channels]
    lines.insert(0, Line(str(Channel.INBOX.label), few(mailing.messages.in_inbox().count()), "", []))
    waiting = sum(number for (_c, state, _r), number in counted.items() if state in WAITING)
    total = counted.total() or 1  # to the inbox alone: there as soon as it is written
    return Outcome(mailing, title_of(mailing), lines, total - waiting, total)


def title_of(mailing: Mailing) -> str:
    return kind_called(mailing.kind).written(mailing.params)[0]


def _line(channel: str, counted: Counter[tuple[str, str, str]]) -> Line:
    here = {(state, reason): n for (way, state, reason), n in counted.items() if way == channel}
    reasons: Counter[str] = Counter()
    for (state, reason), number in here.items():
        if state not in (State.SENT, *WAITING):
            reasons[reason] += number
    named: list[Any] = [
        (Reason(reason).label or _("Not accepted by the provider"), few(number))
        for reason, number in reasons.most_common()
    ]
    sent = sum(number for (state, _reason), number in here.items() if state == State.SENT)
    waiting = sum(number for (state, _reason), number in here.items() if state in WAITING)
    return Line(str(Channel(channel).label), few(sent), few(waiting) if waiting else "", named)
