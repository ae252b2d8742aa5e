"""A card with a PIN, and an amount that its holder is asked for."""

from datetime import timedelta

import pytest

from loyalty import actions
from merchants.models import Role
from tests.approvals.makers import NOW
from tests.cast import make_staff
from tests.loyalty.makers import PIN, make_approval, make_card, make_pin


@pytest.fixture
def card(shop):
    card = make_card(shop.merchant, points=300)
    make_pin(card, moment=NOW - timedelta(days=2))
    return card


@pytest.fixture
def asked(card):
    return make_approval(card, 3800, moment=NOW)


@pytest.fixture
def agreed(asked):
    return actions.approve(asked, PIN, by=asked.card.customer.user, moment=NOW)


@pytest.fixture
def cashier(shop):
    return make_staff(shop.merchant, Role.CASHIER).user
