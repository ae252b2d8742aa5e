"""A card's code that is new each minute, made on the holder's phone without a network.

The code is the card's token and a proof behind it: the first 40 bits of HMAC-SHA256 (RFC 2104) over the token
and the minute, under a key that only this phone and the portal hold, in the alphabet of all codes. It is a
TOTP (RFC 6238) with longer steps and more digits: nobody types it, and 40 bits leave nothing to guess. As
there, the minute before and the one after count too, for clocks that go wrong. ``static/js/code.js`` does the
same; ``tests/loyalty/code_vectors.json`` holds both to it.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from portal.kernel.codes import ALPHABET, PROOF

STEP = 60  # seconds
SKEW = (0, -1, 1)  # minutes off that are forgiven, the likeliest first
BITS = 5


def new_secret() -> str:
    """Base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP


def proof_of(secret: str, token: str, minute: int) -> str:
    """The eight characters behind the token in that minute."""
    said = f"card/{token}/{minute}".encode()
    digest = hmac.new(base64.b64decode(secret), said, hashlib.sha256).digest()
    number = int.from_bytes(digest[: PROOF * BITS // 8])
    return "".join(ALPHABET[number >> BITS * place & 31] for place in reversed(range(PROOF)))


def minute_shown(secret: str, token: str, proof: str, moment: datetime) -> int | None:
    """The minute whose proof this is, if it is now or next to now."""
    now = minute_of(moment)
    return next((now + off for off in SKEW if _same(proof_of(secret, token, now + off), proof)), None)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
