"""The name of a case for mail programs: it stands in the ids of our mails and comes back with every answer.

It is the case's token with a signature, so that nobody who knows or guesses a token can write a name.
Nothing is stored.
"""

import re
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from complaints.mailbox.place import answers_go_to
from complaints.numbers import normalise_number
from messaging.kinds import Thread

_NAME = re.compile(r"\bc([0-9a-z]{20})\.([0-9a-f]{24})\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")


def thread_of(path: str, params: dict[str, Any]) -> Thread:
    """``path`` is that of ``complaints:case``; ``params`` are the message's."""
    token = path.strip("/").rpartition("/")[2]
    return Thread(
        name=f"c{token.lower()}.{_signature(token, settings.SECRET_KEY)}",
        label=str(params.get("number", "")),
        reply_to=answers_go_to(),
        answers=str(params.get("answers", "")),
    )


def named_in(text: str) -> tuple[str, ...]:
    """Tokens of the threads whose names stand in it with our signature, each once."""
    found = [(one[1].upper(), one[2].lower()) for one in _NAME.finditer(text)]
    return tuple(dict.fromkeys(token for token, signature in found if _is_ours(token, signature)))


def numbers_in(subject: str) -> list[str]:
    """Numbers of cases that somebody wrote into a subject."""
    found = (normalise_number(one[0]) for one in _NUMBER.finditer(subject))
    return [number for number in found if number]


def _is_ours(token: str, signature: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(_signature(token, key), signature) for key in keys)


def _signature(token: str, key: str) -> str:
    return salted_hmac("complaints.thread", token.upper(), secret=key, algorithm="sha256").hexdigest()[:24]
