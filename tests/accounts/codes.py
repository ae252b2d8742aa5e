"""Reading the code that was sent, as the person would on the phone or in the mail."""

import json
import re

from django.core import mail

from messaging.models import Message, SentText


def sent_to(contact: str) -> list[str]:
    """What went (or waits to go) to the number or address, oldest first."""
    waiting = [
        json.loads(m.sealed) for m in Message.objects.filter(sealed__isnull=False).order_by("pk") if m.sealed
    ]
    gone = [text.text for text in SentText.objects.order_by("pk") if text.phone == contact]
    gone += [letter.body for letter in mail.outbox if contact in letter.to]
    return gone + [str(letter["params"]) for letter in waiting if letter["to"] == contact]


def last_code(contact: str) -> str:
    found = re.search(r"(?<!\d)\d{6}(?!\d)", sent_to(contact)[-1])
    assert found
    return found[0]


def how_many(contact: str) -> int:
    return len(sent_to(contact))
