"""The parts of a mail: its text, and the files that came with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from complaints.mailbox.headers import decoded

MOST_PARTS = 200
_TEXT = ("text/plain", "text/html")


@dataclass(frozen=True)
class Enclosure:
    """One file of a mail; ``is_inline`` for pictures inside the text, such as a signature's logo."""

    name: str
    content: bytes
    is_inline: bool


def leaves(message: Message) -> Iterator[Message]:
    """In order; a mail inside the mail is one leaf. After so many parts nobody meant the rest."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting = [one for one in inside if isinstance(one, Message)] + waiting
        else:
            yield part


def is_body(part: Message) -> bool:
    return (
        part.get_content_type() in _TEXT
        and part.get_content_disposition() != "attachment"
        and not name_of(part)
    )


def enclosures(message: Message) -> list[Enclosure]:
    """The files, those that were attached before those inside the text."""
    found = [one for part in leaves(message) if not is_body(part) and (one := _enclosure(part))]
    return sorted(found, key=lambda one: one.is_inline)


def name_of(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):  # a name in an encoding that there isn't
        name = ""
    return " ".join(decoded(str(name)).replace("/", " ").replace("\\", " ").split())[:100]


def _enclosure(part: Message) -> Enclosure | None:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        return None
    is_inline = part.get_content_disposition() != "attachment" and part.get("Content-ID") is not None
    return Enclosure(name_of(part) or part.get_content_subtype()[:20], content, is_inline)
