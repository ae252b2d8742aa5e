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
class PointsExpired(Event):
    card_id: int
    merchant_id: int
    user_id: int | None
    points: int
    on: str
