"""What coupons keep: programmes, the coupons claimed from them, the uses made of those."""

from coupons.models.coupons import OPEN, Coupon, CouponQuerySet, CouponState, Redemption
from coupons.models.deals import FlashDeal
from coupons.models.paper import MOST_IN_BATCH, PaperBatch, PaperOrder
from coupons.models.presents import Present
from coupons.models.programmes import (
    MOST_USES,
    CouponKind,
    CouponProgramme,
    CouponProgrammeQuerySet,
    Glance,
    ProgrammeState,
    Sighting,
    Via,
)
from coupons.models.terms import Audience, CouponBlackout, CouponTerms

__all__ = [
    "MOST_IN_BATCH",
    "MOST_USES",
    "OPEN",
    "Audience",
    "Coupon",
    "CouponBlackout",
    "CouponKind",
    "CouponProgramme",
    "CouponProgrammeQuerySet",
    "CouponQuerySet",
    "CouponState",
    "CouponTerms",
    "FlashDeal",
    "Glance",
    "PaperBatch",
    "PaperOrder",
    "Present",
    "ProgrammeState",
    "Redemption",
    "Sighting",
    "Via",
]
