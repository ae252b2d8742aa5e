"""A mail read: who wrote and what they say. Any bytes can be read, or are said to be unreadable."""

import hashlib
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from complaints.mailbox.headers import Headers, first, headers_of, ids_in, sender_of
from complaints.mailbox.text import plain_from

LONGEST_SUBJECT = 200
LONGEST_TEXT = 100_000  # characters: what a page can show; the whole stands in the file as it came


class Unreadable(Exception):
    """The parser itself gives up; what it says is for staff."""


@dataclass(frozen=True)
class Letter:
    """What a mail says."""

    headers: Headers
    sender: str  # the one address that it says it is from, in lower case; empty when that isn't clear
    name: str
    subject: str
    text: str
    message_id: str
    mentions: tuple[str, ...]  # ids of the mails that it answers
    digest: bytes  # the same for the same mail, however often and on whichever way it was delivered
    message: Message

    def header(self, name: str) -> str:
        return first(self.headers, name)


def read_letter(raw: bytes) -> Letter:
    """Raises Unreadable."""
    try:
        message = message_from_bytes(raw, policy=compat32)
        return _read(message, headers_of(message), raw)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, AssertionError) as fault:
        raise Unreadable(type(fault).__name__) from fault


def _read(message: Message, headers: Headers, raw: bytes) -> Letter:
    sender, name = sender_of(headers)
    return Letter(
        headers=headers,
        sender=sender,
        name=name,
        subject=" ".join(first(headers, "subject").split())[:LONGEST_SUBJECT],
        text=plain_from(message)[:LONGEST_TEXT],
        message_id=next(iter(ids_in(headers, "message-id")), ""),
        mentions=(*ids_in(headers, "references"), *ids_in(headers, "in-reply-to")),
        digest=_digest(raw, headers),
        message=message,
    )


def _digest(raw: bytes, headers: Headers) -> bytes:
    """Of what the sender wrote, without what servers on the way add above it."""
    said = [value for name in ("message-id", "from", "date", "subject") for value in headers.get(name, [])]
    head, _gap, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")
    written = "\n".join(said).encode("utf-8", "surrogateescape")
    return hashlib.sha256(written + b"\0" + (body or head)).digest()
