"""Publishing offers, claiming from them, using what was claimed: the only places where coupons writes."""

from coupons.actions.claims import ClaimedEnough, NotClaimable, NotYourLevel, SoldOut, claim_coupon
from coupons.actions.programmes import (
    count_sighting,
    draft_programme,
    end_programme,
    publish_programme,
    revise_draft,
)
from coupons.actions.redemptions import redeem, undo_redemption
from coupons.judging import (
    AlreadyUsed,
    BelowMinimum,
    Expired,
    NothingFits,
    NotUsable,
    OtherMerchant,
    check_usable,
    quote,
)

__all__ = [
    "AlreadyUsed",
    "BelowMinimum",
    "ClaimedEnough",
    "Expired",
    "NotClaimable",
    "NotUsable",
    "NotYourLevel",
    "NothingFits",
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
