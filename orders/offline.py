"""What a till is handed so that it can sign on its own, and whether what it signed is what arrived.

The grant says which till it is and since when it has had no word from us, signed with the portal's key. The
till's own key is derived from the grant (HMAC-SHA256, RFC 2104): nothing is stored, and nobody without the
portal's key can make one. ``static/js/till.js`` signs; a changed amount, time or code breaks the signature.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

from merchants.models import Merchant, Shop
from portal.kernel.models import User

SALT = "orders.offline"


@dataclass(frozen=True)
class Grant:
    """Which till, in whose hands, and when it was handed its key."""

    merchant: int
    shop: int
    by: int
    issued_at: datetime

    @classmethod
    def to(cls, merchant: Merchant, shop: Shop, by: User, moment: datetime) -> "Grant":
        return cls(merchant.pk, shop.pk, by.pk, moment)

    @property
    def text(self) -> str:
        facts = [self.merchant, self.shop, self.by, self.issued_at.timestamp()]
        return signing.dumps(facts, salt=SALT)

    @classmethod
    def read(cls, text: str) -> "Grant | None":
        """None when it isn't ours."""
        try:
            merchant, shop, by, issued = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return None
        return cls(merchant, shop, by, datetime.fromtimestamp(issued, UTC))


def key_of(grant: str) -> bytes:
    """The till's own key, 32 bytes."""
    return salted_hmac(SALT, grant, algorithm="sha256").digest()


@dataclass(frozen=True)
class Kept:
    """What a till wrote down: amounts in minor units, ``used_at`` in milliseconds since 1970, UTC."""

    nonce: UUID
    grant: str
    code: str
    bill: int
    given: int
    used_at: int
    signature: str  # hexadecimal

    @property
    def is_genuine(self) -> bool:
        said = f"offline/{self.nonce}/{self.code}/{self.bill}/{self.given}/{self.used_at}"
        wanted = hmac.new(key_of(self.grant), said.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted.encode(), self.signature.encode())

    @property
    def till(self) -> str:
        """A short name for the grant, the same for everything that was kept with it."""
        return hashlib.sha256(self.grant.encode()).hexdigest()[:32]
