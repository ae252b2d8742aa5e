"""Which addresses a browser may name as its push service: known hosts, over TLS only.

The portal posts to an address that a stranger gave it, so the list is what keeps it from being
sent against the operator's own network.
"""

import base64
import hashlib
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

LONGEST = 1000


def is_allowed(endpoint: str) -> bool:
    """``settings.PUSH_HOSTS`` holds hosts; one that begins with a dot stands for all below it."""
    try:
        where = urlsplit(endpoint)
        host, port = where.hostname or "", where.port
    except ValueError:
        return False
    if "@" in where.netloc or len(endpoint) > LONGEST or not endpoint.isascii():
        return False
    if settings.PUSH_HTTPS_ONLY and (where.scheme != "https" or port not in (None, 443)):
        return False
    if where.scheme not in ("https", "http"):
        return False
    return any(
        host == known or (known.startswith(".") and host.endswith(known)) for known in settings.PUSH_HOSTS
    )


def endpoint_hash(endpoint: str) -> bytes:
    """To find a browser's row by; the address itself is sealed and unguessable."""
    return hashlib.sha256(endpoint.encode()).digest()


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def are_keys(p256dh: str, auth: str) -> bool:
    """A point on P-256, uncompressed, and 16 random bytes (RFC 8291, 2.1 and 3.2)."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _raw(p256dh))
        return len(_raw(p256dh)) == 65 and len(_raw(auth)) == 16
    except ValueError:
        return False


@lru_cache(maxsize=1)
def _public(private_key: str) -> str:
    point = Vapid02.from_string(private_key=private_key).public_key.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def application_server_key() -> str:
    """What browsers subscribe with; empty while the operator has set no VAPID key."""
    return _public(settings.VAPID_PRIVATE_KEY) if settings.VAPID_PRIVATE_KEY else ""
