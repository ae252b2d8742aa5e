"""The ways to a person, behind one protocol: what a way gets, what it answers, when it is there."""

from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.utils.module_loading import import_string

from messaging.kinds import Thread
from messaging.models import Channel

# By name, so that a web process does not load the HTTP and encryption libraries of the worker.
_WAYS = {
    Channel.PUSH: "messaging.channels.push.WebPush",
    Channel.EMAIL: "messaging.channels.mail.Mail",
    Channel.SMS: "messaging.channels.sms.Sms",
}


@dataclass(frozen=True)
class Parcel:
    """One message ready to go: plain values, rendered for its receiver; no database behind it."""

    token: UUID  # the sending's own name: the same at every attempt
    address: Any  # an e-mail address, a phone in E.164, or a tuple of browsers
    title: str
    body: str
    headline: str  # what a locked screen may show
    url: str  # path on this site, or ""
    language: str
    seconds_useful: int
    urgent: bool = False
    bulk: bool = False
    template: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    unsubscribe: str = ""  # address of the one-click page, where the person may opt out
    advertising: bool = False
    thread: Thread | None = None


@dataclass(frozen=True)
class Browser:
    """One of the person's browsers as the push service knows it."""

    pk: int
    endpoint: str
    p256dh: str
    auth: str


class Verdict(Enum):
    SENT = auto()
    RETRY = auto()  # certainly not sent; may work later
    UNCLEAR = auto()  # the connection broke after the request had left
    REFUSED = auto()  # will never work as it is
    GONE = auto()  # the address doesn't exist any more


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    detail: str = ""
    wait: int = 0  # seconds the provider asks for
    reached: tuple[int, ...] = ()  # browsers that have it
    gone: tuple[int, ...] = ()  # browsers that are no more


class Way(Protocol):
    networked: bool  # False when sending never leaves this machine's database

    def is_set_up(self) -> bool: ...

    def send(self, parcel: Parcel) -> Answer:
        """Hand the parcel over. Runs in a thread, outside any transaction, with timeouts of its own."""
        ...


@cache
def way(channel: str) -> Way:
    found: Way = import_string(_WAYS[Channel(channel)])()
    return found
