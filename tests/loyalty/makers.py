"""Makers of memberships and cards, built on the verbs."""

import uuid
from datetime import datetime
from typing import Any

from loyalty import actions
from loyalty.models import Card, Entry, Programme, ValueKind
from merchants.models import Merchant, Shop
from portal.kernel.models import User
from tests.cast import make_user, owner_of


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


def balance(card: Card) -> int:
    return holds(card, ValueKind.POINTS)


def holds(card: Card, kind: ValueKind) -> int:
    account = card.accounts.filter(kind=kind).first()
    return account.balance if account else 0
