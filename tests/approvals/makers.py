"""What is done with an agreement, half a minute after it was given."""

import uuid
from datetime import timedelta

from django.utils import timezone

from loyalty import actions
from loyalty.models import Value
from tests.cast import owner_of
from tests.loyalty.makers import PIN

NOW = timezone.now()
LATER = NOW + timedelta(seconds=30)


def consume(approval, amount=3800, *, key=None, moment=LATER, shop=None, by=None):
    shop = shop or approval.card.merchant.shops.all()[0]
    by = by or owner_of(shop.merchant)
    return actions.consume_approval(
        approval, amount, key=key or uuid.uuid4(), shop=shop, by=by, moment=moment
    )


def pay_code(card, *, key=None, moment=NOW):
    return actions.start_pay_code(
        card, PIN, value=Value.POINTS, key=key or uuid.uuid4(), by=card.customer.user, moment=moment
    )
