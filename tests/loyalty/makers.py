"""Makers of memberships and cards, built on the verbs."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from loyalty import actions
from loyalty.actions import rewards, stamps
from loyalty.models import (
    Approval,
    Card,
    Entry,
    Level,
    Pin,
    Programme,
    Reward,
    StampScheme,
    Standing,
    Value,
    ValueKind,
)
from merchants.models import Merchant, Shop
from orders.actions import ring_up
from portal.kernel.models import User
from tests.cast import make_user, owner_of

PIN, CODE = "285714", "314159"


def home_today() -> date:
    """The date where the shops of the tests are."""
    return timezone.localdate(timezone=ZoneInfo(settings.HOME_TIME_ZONE))


def make_programme(merchant: Merchant, **terms: Any) -> Programme:
    return actions.open_programme(merchant, by=owner_of(merchant), **({"name": "青禾会员卡"} | terms))


def make_card(merchant: Merchant, user: User | None = None, *, points: int = 0, **terms: Any) -> Card:
    """A member of the merchant, with some points earned at its first shop."""
    user = user or make_user()
    card = actions.join(make_programme(merchant, **terms), user, by=user)
    if points:
        give(card, points)
    return Card.objects.select_related("programme", "customer", "merchant").get(pk=card.pk)


def give(
    card: Card, points: int, *, key: uuid.UUID | None = None, moment: datetime | None = None, waits: int = 0
) -> Entry:
    shop = Shop.objects.filter(merchant_id=card.merchant_id).order_by("pk")[0]
    facts = {"shop": shop, "by": None, "moment": moment, "waits": waits}
    return actions.earn(card, points, key=key or uuid.uuid4(), **facts)


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


def make_levels(programme: Programme, *thresholds: int, metric: str = "amount", **rule: Any) -> list[Level]:
    """Ordinary and up to three levels above it; by default yuan paid in the last twelve months."""
    thresholds = thresholds or (50_000, 200_000, 500_000)
    names = (("普通", "Member"), ("银卡", "Silver"), ("金卡", "Gold"), ("白金", "Platinum"))
    gives: dict[int, Any] = rule.pop("gives", {})  # rank → what that level gives
    steps = [
        actions.Step(
            rank=rank, name=names[rank][0], name_en=names[rank][1], threshold=least, **gives.get(rank, {})
        )
        for rank, least in enumerate((0, *thresholds))
    ]
    by = owner_of(programme.merchant)
    actions.set_levels(programme, steps, by=by, metric=metric, **({"window": "rolling"} | rule))
    return list(Level.objects.of(programme))


def buy(card: Card, bill: int, *, moment: datetime | None = None, **more: Any) -> Any:
    """A sale at the first shop's counter."""
    shop = Shop.objects.filter(merchant_id=card.merchant_id).order_by("pk")[0]
    facts = {"merchant": shop.merchant, "shop": shop, "by": owner_of(shop.merchant)}
    key = more.pop("key", None) or uuid.uuid4()
    if more.get("use_points") and card:
        more.setdefault("approval", agreed_points(card))
    return ring_up(**facts, bill=bill, card=card, key=key, moment=moment, **more)


def rank_of(card: Card) -> int:
    standing = Standing.objects.filter(card=card).select_related("level").first()
    return standing.level.rank if standing else 0


def make_reward(programme: Programme, *, cost: int = 200, stock: int = 10, **terms: Any) -> Reward:
    asked = {"name": "饮料一杯", "name_en": "A drink", "days": 90} | terms
    facts: dict[str, Any] = {"by": owner_of(programme.merchant), "key": uuid.uuid4()}
    return rewards.offer_reward(programme, **facts, cost=cost, stock=stock, **asked)


def make_scheme(programme: Programme, *, needed: int = 3, **terms: Any) -> StampScheme:
    asked = {"name": "十次送一次", "name_en": "Ten washes, one free", "gift": "洗车一次", "gift_en": "A wash"}
    facts: dict[str, Any] = {"by": owner_of(programme.merchant), "key": uuid.uuid4()}
    return stamps.run_stamp_scheme(programme, **facts, needed=needed, **(asked | terms))


def agreed_points(card: Card) -> Approval:
    """The holder agrees with the PIN that points are used for one payment."""
    if not Pin.objects.filter(card=card).exists():
        make_pin(card)
    facts = {"key": uuid.uuid4(), "by": card.customer.user, "moment": timezone.now()}
    return actions.start_pay_code(card, PIN, value=Value.POINTS, **facts)
