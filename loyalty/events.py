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
class ToppedUp(Event):
    """Amounts in minor units; ``channel``: counter or online."""

    top_up_id: int
    card_id: int
    merchant_id: int
    shop_id: int
    paid: int
    bonus: int
    channel: str
    made_at: str


@dataclass(frozen=True, kw_only=True)
class TopUpUndone(Event):
    top_up_id: int
    card_id: int
    merchant_id: int
    paid: int
    undone_at: str


@dataclass(frozen=True, kw_only=True)
class BalancePaid(Event):
    """``balance``: paid in and bonus together after it; ``key``: the request's."""

    card_id: int
    merchant_id: int
    shop_id: int
    amount: int
    balance: int
    key: str
    on: str


@dataclass(frozen=True, kw_only=True)
class PassSold(Event):
    pass_id: int
    card_id: int
    merchant_id: int
    visits: int


@dataclass(frozen=True, kw_only=True)
class PassUndone(Event):
    pass_id: int
    card_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class VisitUsed(Event):
    """``visits``: used at one tap; ``left``: on the pass after it."""

    visit_id: int
    pass_id: int
    card_id: int
    merchant_id: int
    left: int
    visits: int = 1


@dataclass(frozen=True, kw_only=True)
class RefundAsked(Event):
    refund_id: int
    card_id: int
    merchant_id: int
    amount: int
    why: str


@dataclass(frozen=True, kw_only=True)
class RefundPaid(Event):
    refund_id: int
    card_id: int
    merchant_id: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class ClosingAnnounced(Event):
    programme_id: int
    merchant_id: int
    last_day: str


@dataclass(frozen=True, kw_only=True)
class PointsExchanged(Event):
    """For a reward, or its undoing gave them back; ``points`` signed."""

    card_id: int
    merchant_id: int
    voucher_id: int
    points: int


@dataclass(frozen=True, kw_only=True)
class PointsUsable(Event):
    """Points that waited can be used; ``lot_id``: the last of them."""

    card_id: int
    merchant_id: int
    points: int
    lot_id: int


@dataclass(frozen=True, kw_only=True)
class ValueExpired(Event):
    """``value``: points, principal, bonus or visits; ``amount`` in points, minor units or visits."""

    card_id: int
    merchant_id: int
    user_id: int | None
    value: str
    amount: int
    on: str


@dataclass(frozen=True, kw_only=True)
class MembersImported(Event):
    """A shop's old list is in. Members with an account were told one by one (``CardJoined``)."""

    import_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class CardsMerged(Event):
    """Two cards of one member are one. ``moved``: kind of value → how much went over."""

    merchant_id: int
    kept_id: int
    gone_id: int
    old_number: str
    moved: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PinSet(Event):
    card_id: int
    merchant_id: int
    is_reset: bool  # without the former PIN
    at: str


@dataclass(frozen=True, kw_only=True)
class PinLocked(Event):
    card_id: int
    merchant_id: int
    is_shut: bool  # until a new PIN is set
    at: str


@dataclass(frozen=True, kw_only=True)
class PinsGuessedAtTill(Event):
    merchant_id: int
    by_id: int
    at: str


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(Event):
    approval_id: int
    card_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class CodeKeyMade(Event):
    """One more phone shows the card's code."""

    card_id: int
    merchant_id: int
    key_id: int
    device: str


@dataclass(frozen=True, kw_only=True)
class LevelMoved(Event):
    card_id: int
    merchant_id: int
    move_id: int


@dataclass(frozen=True, kw_only=True)
class LevelWillFall(Event):
    """The card no longer earns its level and loses it on that day, a month from now at least."""

    card_id: int
    merchant_id: int
    falls_on: str


@dataclass(frozen=True, kw_only=True)
class MediumLinked(Event):
    medium_id: int
    card_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class MediumRevoked(Event):
    medium_id: int
    card_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class PrintOrderMoved(Event):
    order_id: int
    merchant_id: int
    state: str
