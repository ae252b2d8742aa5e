"""Publishing offers, claiming from them, using what was claimed: the only places where coupons writes."""

from coupons.actions.claims import (
    ClaimedEnough,
    NotAmongThem,
    NotClaimable,
    NotYourLevel,
    SoldOut,
    claim_coupon,
)
from coupons.actions.deals import close_deal, draft_deal, open_deal
from coupons.actions.handing_out import hand_out
from coupons.actions.paper import NobodysNoMore, claim_paper, make_paper, revoke_nobodys
from coupons.actions.paper_orders import ask_for_paper, move_paper_order
from coupons.actions.presents import give_coupon, let_go_of_lapsed, take_back, take_present
from coupons.actions.programmes import (
    draft_programme,
    end_programme,
    publish_programme,
    revise_draft,
)
from coupons.actions.redemptions import redeem, undo_redemption
from coupons.actions.revoking import revoke_coupon
from coupons.actions.sightings import count_sighting, forget_glances
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
    "NobodysNoMore",
    "NotAmongThem",
    "NotClaimable",
    "NotUsable",
    "NotYourLevel",
    "NothingFits",
    "OtherMerchant",
    "SoldOut",
    "ask_for_paper",
    "check_usable",
    "claim_coupon",
    "claim_paper",
    "close_deal",
    "count_sighting",
    "draft_deal",
    "draft_programme",
    "end_programme",
    "forget_glances",
    "give_coupon",
    "hand_out",
    "let_go_of_lapsed",
    "make_paper",
    "move_paper_order",
    "open_deal",
    "publish_programme",
    "quote",
    "redeem",
    "revise_draft",
    "revoke_coupon",
    "revoke_nobodys",
    "take_back",
    "take_present",
    "undo_redemption",
]
