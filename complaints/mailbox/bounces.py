"""Which address a report of non-delivery names, and which mail of ours it is about (RFC 3464)."""

import re
from email.message import Message

from complaints.mailbox.headers import decoded
from complaints.mailbox.parts import leaves
from complaints.mailbox.reading import Letter
from complaints.mailbox.threads import named_in

_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")
#: RFC 3463, 3.2. A full mailbox may have room tomorrow.
_NO_SUCH_MAILBOX = re.compile(r"(?<![\d.])5\.1\.(?:1|2|3|6|10)(?![\d.])")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")


def gone_in(letter: Letter) -> list[str]:
    """Addresses that the report says are none."""
    if letter.message.get_param("report-type") != "delivery-status":
        return []
    status = [part for part in leaves(letter.message) if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in status for block in _blocks(part)]
    return [address for block in blocks if (address := _gone(block))]


def about(letter: Letter) -> tuple[str, ...]:
    """The threads of ours whose mail it gives back: who makes a report up doesn't know their names."""
    returned = [part for part in leaves(letter.message) if part.get_content_type() in _RETURNED]
    return named_in(decoded("\n".join(part.as_string()[:20_000] for part in returned)))


def _blocks(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [block for block in inside if isinstance(block, Message)] if isinstance(inside, list) else []


def _gone(block: Message) -> str:
    failed = str(block.get("Action", "")).strip().lower() == "failed"
    if not failed or not _NO_SUCH_MAILBOX.search(
        f"{block.get('Status', '')} {block.get('Diagnostic-Code', '')}"
    ):
        return ""
    found = _ADDRESS.search(str(block.get("Original-Recipient") or block.get("Final-Recipient") or ""))
    return found[0].lower() if found else ""
