"""What coupons keep: programmes, the coupons claimed from them, the uses made of those."""

from coupons.models.coupons import Coupon, CouponQuerySet, CouponState, Redemption
from coupons.models.programmes import (
    CouponKind,
    CouponProgramme,
    CouponProgrammeQuerySet,
    ProgrammeState,
    Sighting,
)

__all__ = [
    "Coupon",
    "CouponKind",
    "CouponProgramme",
    "CouponProgrammeQuerySet",
    "CouponQuerySet",
    "CouponState",
    "ProgrammeState",
    "Redemption",
    "Sighting",
]
