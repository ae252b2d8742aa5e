"""Publishing offers, claiming from them, using what was claimed: the only places where coupons writes."""

from coupons.actions.claims import ClaimedEnough, NotClaimable, SoldOut, claim_coupon
from coupons.actions.programmes import (
    count_sighting,
    draft_programme,
    end_programme,
    publish_programme,
    revise_draft,
)
from coupons.actions.redemptions import (
    AlreadyUsed,
    BelowMinimum,
    Expired,
    OtherMerchant,
    check_usable,
    quote,
    redeem,
    undo_redemption,
)

__all__ = [
    "AlreadyUsed",
    "BelowMinimum",
    "ClaimedEnough",
    "Expired",
    "NotClaimable",
    "OtherMerchant",
    "SoldOut",
    "check_usable",
    "claim_coupon",
    "count_sighting",
    "draft_programme",
    "end_programme",
    "publish_programme",
    "quote",
    "redeem",
    "revise_draft",
    "undo_redemption",
]
