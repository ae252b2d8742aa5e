"""What can be done to merchants, their shops, teams and rosters: the only place that writes them."""

from merchants.actions.categories import save_category
from merchants.actions.claims import answer_claim, claim_listing, decide_claim, withdraw_claim
from merchants.actions.corrections import (
    Proposal,
    accept_correction,
    decline_correction,
    propose,
    withdraw_correction,
)
from merchants.actions.customers import find_or_enrol_customer, link_customers, rename_customer
from merchants.actions.days import clear_days, come_back, go_away, set_days
from merchants.actions.history import restore
from merchants.actions.importing import import_places
from merchants.actions.joining import merge_customers, standing, take_late_along
from merchants.actions.merging import (
    find_duplicates,
    find_duplicates_of,
    follow_up,
    keep_apart,
    merge_pair,
    merge_shops,
    undo_merge,
)
from merchants.actions.opening import (
    open_merchant,
    open_shop,
    publish_shop,
    rename_merchant,
)
from merchants.actions.photos import add_photo, describe_photo, move_photo, remove_photo
from merchants.actions.prices import grade_prices
from merchants.actions.provenance import confirm_shop
from merchants.actions.proving import prove_claim, send_claim_code
from merchants.actions.services import (
    ServiceLine,
    add_service,
    describe_service,
    offer_at,
    remove_service,
    set_services,
)
from merchants.actions.shops import describe_shop, keep_cover, place_shop, set_hours, turn_hours
from merchants.actions.staff import (
    accept_invitation,
    change_role,
    invite_staff,
    remove_staff,
    withdraw_invitation,
)
from merchants.actions.suspending import (
    close_shop,
    lift_shop_suspension,
    lift_suspension,
    reopen_shop,
    suspend_merchant,
    suspend_shop,
)
from merchants.actions.words import draft_notice, publish_notice, revise_notice, say_more, withdraw_notice

__all__ = [
    "Proposal",
    "ServiceLine",
    "accept_correction",
    "accept_invitation",
    "add_photo",
    "add_service",
    "answer_claim",
    "change_role",
    "claim_listing",
    "clear_days",
    "close_shop",
    "come_back",
    "confirm_shop",
    "decide_claim",
    "decline_correction",
    "describe_photo",
    "describe_service",
    "describe_shop",
    "draft_notice",
    "find_duplicates",
    "find_duplicates_of",
    "find_or_enrol_customer",
    "follow_up",
    "go_away",
    "grade_prices",
    "import_places",
    "invite_staff",
    "keep_apart",
    "keep_cover",
    "lift_shop_suspension",
    "lift_suspension",
    "link_customers",
    "merge_customers",
    "merge_pair",
    "merge_shops",
    "move_photo",
    "offer_at",
    "open_merchant",
    "open_shop",
    "place_shop",
    "propose",
    "prove_claim",
    "publish_notice",
    "publish_shop",
    "remove_photo",
    "remove_service",
    "remove_staff",
    "rename_customer",
    "rename_merchant",
    "reopen_shop",
    "restore",
    "revise_notice",
    "save_category",
    "say_more",
    "send_claim_code",
    "set_days",
    "set_hours",
    "set_services",
    "standing",
    "suspend_merchant",
    "suspend_shop",
    "take_late_along",
    "turn_hours",
    "undo_merge",
    "withdraw_claim",
    "withdraw_correction",
    "withdraw_invitation",
    "withdraw_notice",
]
