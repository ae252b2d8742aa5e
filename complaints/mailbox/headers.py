"""The head of a mail, in letters.

Decoded here and not by the e-mail package's newer policies, which parse a header as it is looked at and fail
on some of what people's programs send.
"""

import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from complaints.mailbox.charsets import as_text
from portal.kernel.forms import clean_text

MOST, LONGEST = 500, 20_000  # headers, and characters of one: a long thread's References have some thousands
Headers = dict[str, list[str]]  # by name in lower case, each with all its values, as they were sent

_ID = re.compile(r"<[^<>\s]{1,250}>")
#: One mailbox: ``name <address>``, or the address alone, perhaps with a remark behind it (RFC 5322, 3.4).
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s]{3,254})>\s*(?:\([^()]*\)\s*)?")
_BARE = re.compile(r"\s*(?P<address>[^<>\s(),;:\"]{3,254})\s*(?:\((?P<name>[^()]*)\)\s*)?")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def headers_of(message: Message) -> Headers:
    found: Headers = {}
    for name, value in islice(message.raw_items(), MOST):
        found.setdefault(str(name).lower(), []).append(str(value)[:LONGEST])
    return found


def first(headers: Headers, name: str) -> str:
    return decoded(next(iter(headers.get(name, ())), ""))


def decoded(value: str) -> str:
    """In letters. Bytes that came without an encoding are read in the one that fits."""
    with suppress(UnicodeEncodeError):  # letters already
        value = as_text(value.encode("ascii", "surrogateescape"), "")
    with suppress(HeaderParseError, ValueError, LookupError):  # an encoded word that is none stays as it is
        value = str(make_header(decode_header(value)))
    return clean_text(value.encode("utf-8", "replace").decode())


def sender_of(headers: Headers) -> tuple[str, str]:
    """Address in lower case, and name. Empty unless there is one From with one address to write to.

    Read before its words are decoded, for an encoded name may look like an address.
    """
    values = headers.get("from", [])
    written = " ".join(values[0].split()) if len(values) == 1 else ""
    found = _NAMED.fullmatch(written) or _BARE.fullmatch(written)
    if not found or "@" in _QUOTED.sub("", found["name"] or ""):
        return "", ""
    try:
        validate_email(found["address"])
    except ValidationError:
        return "", ""
    name = decoded((found["name"] or "").strip().strip('"').replace('\\"', '"'))
    return found["address"].lower(), " ".join(name.split())[:60]


def ids_in(headers: Headers, name: str) -> list[str]:
    return [one for value in headers.get(name, []) for one in _ID.findall(value) if one.isascii()]
