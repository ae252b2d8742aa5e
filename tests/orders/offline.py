"""A till without a network, in Python: it signs what the browser's would."""

import hashlib
import hmac
import uuid
from datetime import datetime
from typing import Any

from merchants.models import Shop
from orders.actions import set_offline_rule
from orders.offline import Grant, Kept, key_of
from portal.kernel.models import User


def allow_offline(shop: Shop, **rule: Any) -> None:
    assert shop.merchant
    set_offline_rule(
        shop.merchant, **({"is_on": True, "most_waiting": 10, "most_off": 5000, "hours": 4} | rule)
    )


def keep(
    shop: Shop,
    by: User,
    code: str,
    *,
    issued_at: datetime,
    used_at: datetime,
    bill: int = 8000,
    given: int = 2000,
    grant: str = "",
    nonce: uuid.UUID | None = None,
) -> Kept:
    assert shop.merchant
    grant = grant or Grant.to(shop.merchant, shop, by, issued_at).text
    nonce, at = nonce or uuid.uuid4(), int(used_at.timestamp() * 1000)
    said = f"offline/{nonce}/{code}/{bill}/{given}/{at}".encode()
    signature = hmac.new(key_of(grant), said, hashlib.sha256).hexdigest()
    return Kept(nonce, grant, code, bill, given, at, signature)
