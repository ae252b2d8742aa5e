"""A person who writes mail, their case and an agent; two shops so far apart that no region has both."""

import pytest

from complaints.models import Complaint
from merchants.models import Shop
from portal.kernel.db import point
from portal.kernel.models import User
from tests.complaints.mails import make_writer
from tests.complaints.makers import make_agent, make_complaint

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


@pytest.fixture
def writer(db: None) -> User:
    return make_writer("mia@example.com", language="en")


@pytest.fixture
def complaint(shop: Shop, writer: User) -> Complaint:
    return make_complaint(shop, writer)


@pytest.fixture
def agent(db: None) -> User:
    return make_agent()
