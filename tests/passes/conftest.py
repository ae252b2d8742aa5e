import pytest

from loyalty.models import Card
from merchants.models import Shop
from portal.kernel.models import User
from tests.loyalty.makers import make_card


@pytest.fixture
def card(shop: Shop, consumer: User) -> Card:
    return make_card(shop.merchant, consumer)
