"""A member of a merchant that has levels."""

import pytest

from tests.loyalty.makers import make_card, make_levels


@pytest.fixture
def card(shop, consumer):
    found = make_card(shop.merchant, consumer)
    make_levels(found.programme)
    return found
