"""What loyalty tells."""

from dataclasses import dataclass

from portal.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CardJoined(Event):
    card_id: int
    merchant_id: int
    customer_id: int
    user_id: int | None
    joined_at: str


@dataclass(frozen=True, kw_only=True)
class CardFrozen(Event):
    card_id: int
    merchant_id: int
    by_id: int
    on: str


@dataclass(frozen=True, kw_only=True)
class CardReplaced(Event):
    card_id: int
    merchant_id: int
    old_number: str


@dataclass(frozen=True, kw_only=True)
class PointsAdjusted(Event):
    card_id: int
    merchant_id: int
    entry_id: int
    points: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ValueExpired(Event):
    """``value``: points, principal, bonus or visits; ``amount`` in points, minor units or visits."""

    card_id: int
    merchant_id: int
    user_id: int | None
    value: str
    amount: int
    on: str
