from collections.abc import Callable

import pytest
from django.utils import timezone

from loyalty.models import Level, Standing
from merchants.models import Merchant
from portal.kernel.models import User
from tests.loyalty.makers import make_card, make_levels


@pytest.fixture
def rank_of(merchant: Merchant) -> Callable[[User, int], None]:
    """``rank_of(person, 1)``: a member's card on the first step above the lowest."""

    def give(person: User, rank: int) -> None:
        card = make_card(merchant, person)
        make_levels(card.programme)
        level = Level.objects.get(programme=card.programme, rank=rank)
        Standing.objects.update_or_create(
            card=card, defaults={"merchant": merchant, "level": level, "since": timezone.now()}
        )

    return give
