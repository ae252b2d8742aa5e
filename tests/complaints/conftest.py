"""Two shops five kilometres apart: what lies in the one's region doesn't lie in the other's."""

import pytest

from merchants.models import Shop
from portal.kernel.db import point

HERE, THERE = (31.2231, 121.4461), (31.24, 121.5)  # Jing'an Temple and Lujiazui


@pytest.fixture
def near(shop: Shop) -> Shop:
    return _put(shop, HERE)


@pytest.fixture
def far(other_shop: Shop) -> Shop:
    return _put(other_shop, THERE)


def _put(shop: Shop, place: tuple[float, float]) -> Shop:
    shop.location = point(*place)
    shop.save(update_fields=["location"])
    return shop
