"""What orders tells."""

from dataclasses import dataclass

from portal.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PurchaseConfirmed(Event):
    """A sale was rung up. Money in minor units; ``user_id`` is None for somebody without an account."""

    purchase_id: int
    merchant_id: int
    shop_id: int
    customer_id: int | None
    user_id: int | None
    bill: int
    discount: int
    paid: int
    points: int
    made_at: str


@dataclass(frozen=True, kw_only=True)
class PurchaseUndone(Event):
    purchase_id: int
    merchant_id: int
    shop_id: int
    customer_id: int | None
    user_id: int | None
    paid: int
    points: int
    undone_at: str


@dataclass(frozen=True, kw_only=True)
class PaymentSettled(Event):
    """The provider has spoken. ``state``: credited, failed or owed."""

    payment_id: int
    card_id: int
    merchant_id: int
    user_id: int
    amount: int
    state: str


@dataclass(frozen=True, kw_only=True)
class GoodsTakenBack(Event):
    """Goods came back; ``points`` were taken from the card or are owed by it."""

    return_id: int
    merchant_id: int
    shop_id: int
    customer_id: int | None
    user_id: int | None
    amount: int
    points: int
    made_at: str


@dataclass(frozen=True, kw_only=True)
class CodesGuessed(Event):
    """So many look-ups within an hour led to nothing at this merchant's counters."""

    merchant_id: int
    tries: int
