"""What coupons tell."""

from dataclasses import dataclass

from portal.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ProgrammePublished(Event):
    programme_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class CouponClaimed(Event):
    coupon_id: int
    programme_id: int
    merchant_id: int
    customer_id: int | None
    user_id: int


@dataclass(frozen=True, kw_only=True)
class CouponRedeemed(Event):
    coupon_id: int
    redemption_id: int
    programme_id: int
    merchant_id: int
    shop_id: int
    customer_id: int | None
    user_id: int | None
    discount: int


@dataclass(frozen=True, kw_only=True)
class RedemptionUndone(Event):
    redemption_id: int
    coupon_id: int
    programme_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class CouponRevoked(Event):
    coupon_id: int
    merchant_id: int


@dataclass(frozen=True, kw_only=True)
class PaperOrderMoved(Event):
    order_id: int
    merchant_id: int
    state: str
