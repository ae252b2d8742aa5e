"""Makers of memberships and cards, built on the verbs."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from loyalty import actions
from loyalty.models import Approval, Card, Entry, Pin, Programme, Value, ValueKind
from merchants.models import Merchant, Shop
from portal.kernel.models import User
from tests.cast import make_user, owner_of

PIN, CODE = "285714", "314159"


def make_programme(merchant: Merchant, **terms: Any) -> Programme:
    return actions.open_programme(merchant, by=owner_of(merchant), **({"name": "青禾会员卡"} | terms))


def make_card(merchant: Merchant, user: User | None = None, *, points: int = 0, **terms: Any) -> Card:
    """A member of the merchant, with some points earned at its first shop."""
    user = user or make_user()
    card = actions.join(make_programme(merchant, **terms), user, by=user)
    if points:
        give(card, points)
    return Card.objects.select_related("programme", "customer", "merchant").get(pk=card.pk)


def give(card: Card, points: int, *, key: uuid.UUID | None = None, moment: datetime | None = None) -> Entry:
    shop = Shop.objects.filter(merchant_id=card.merchant_id).order_by("pk")[0]
    return actions.earn(card, points, key=key or uuid.uuid4(), shop=shop, by=None, moment=moment)


def take(card: Card, points: int, *, key: uuid.UUID | None = None, moment: datetime | None = None) -> Entry:
    shop = Shop.objects.filter(merchant_id=card.merchant_id).order_by("pk")[0]
    return actions.spend(card, points, key=key or uuid.uuid4(), shop=shop, by=None, moment=moment)


def make_pin(card: Card, digits: str = PIN, *, moment: datetime | None = None) -> Pin:
    """The holder sets the PIN with the code that was sent."""
    moment, holder = moment or timezone.now(), card.customer.user
    with patch("loyalty.actions.pins.secrets.randbelow", return_value=int(CODE)):
        actions.ask_for_code(card, by=holder, moment=moment)
    return actions.set_pin(card, digits, code=CODE, by=holder, moment=moment)


def make_approval(card: Card, amount: int = 3800, **facts: Any) -> Approval:
    """The owner's counter asks the holder for an amount."""
    shop = Shop.objects.filter(merchant_id=card.merchant_id).order_by("pk")[0]
    asked = {
        "value": Value.MONEY,
        "shop": shop,
        "key": uuid.uuid4(),
        "by": owner_of(card.merchant),
        "moment": timezone.now(),
    }
    return actions.ask_approval(card, amount, **(asked | facts))


def ask_again() -> None:
    """However long ago they were asked: the counters wait for an answer now."""
    now = timezone.now()
    open_ones = Approval.objects.filter(approved_at=None, declined_at=None)
    open_ones.update(asked_at=now, answer_by=now + timedelta(seconds=60))


def balance(card: Card) -> int:
    return holds(card, ValueKind.POINTS)


def holds(card: Card, kind: ValueKind) -> int:
    account = card.accounts.filter(kind=kind).first()
    return account.balance if account else 0
