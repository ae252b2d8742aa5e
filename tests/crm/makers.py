"""Makers of sales for the pages of crm, built on the verbs."""

import uuid
from datetime import datetime
from typing import Any

from loyalty.models import Card
from merchants.models import Shop
from orders.actions import ring_up
from orders.models import Purchase
from portal.kernel.models import User
from tests import cast


def sell(
    shop: Shop,
    bill: int,
    *,
    moment: datetime,
    by: User | None = None,
    card: Card | None = None,
    **fields: Any,
) -> Purchase:
    return ring_up(
        merchant=shop.merchant,
        shop=shop,
        bill=bill,
        key=uuid.uuid4(),
        by=by or cast.owner_of(shop.merchant),
        card=card,
        moment=moment,
        **fields,
    )
