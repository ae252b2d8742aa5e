"""A card whose holder has a proven phone."""

import pytest

from tests.cast import make_user
from tests.loyalty.makers import make_card


@pytest.fixture
def card(shop):
    return make_card(shop.merchant, make_user("+8613852948172"))
