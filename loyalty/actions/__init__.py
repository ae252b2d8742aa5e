"""Opening a membership, joining it, and moving points: the only places where loyalty writes."""

from loyalty.actions.approvals import (
    approve,
    approve_on_screen,
    ask_approval,
    consume_approval,
    decline,
    start_pay_code,
)
from loyalty.actions.cards import change_programme, enrol, join, note_export, open_programme
from loyalty.actions.care import adjust, freeze, release, replace
from loyalty.actions.closing import announce_closing, call_off_closing, refund_the_rest
from loyalty.actions.codes import approve_by_code, give_key, revoke_key, set_safeguard
from loyalty.actions.designs import (
    HardToRead,
    add_picture,
    place_picture,
    publish_design,
    return_to,
    save_step,
    step_back,
    step_forward,
)
from loyalty.actions.giving import give_level
from loyalty.actions.holds import hold, let_go
from loyalty.actions.imported_levels import choose_levels
from loyalty.actions.importing import (
    check_members,
    choose_again,
    choose_sheet,
    confirm_import,
    needs_owner,
    upload_members,
)
from loyalty.actions.levels import (
    Step,
    counted,
    set_levels,
    sweep_levels,
    take_back_counted,
    tell_moves,
)
from loyalty.actions.media import (
    UnknownMemberCard,
    UnknownPrintedCard,
    ask_for_print,
    issue_pass,
    link_medium,
    link_own,
    link_to_phone,
    make_batch,
    move_order,
    revoke_medium,
)
from loyalty.actions.merging import merge_claimed, merge_members
from loyalty.actions.pass_offers import change_pass, offer_pass
from loyalty.actions.passes import give_visit_back, sell_pass, undo_pass, use_visit
from loyalty.actions.paying import pay_with_balance
from loyalty.actions.pins import ask_for_code, code_is_out, set_pin
from loyalty.actions.points import claw_back, earn, expire_due, reverse, spend
from loyalty.actions.refunds import pay_out, refund_card, refund_pass, take_back_top_up
from loyalty.actions.rules import run_points_campaign, set_earning, set_spending, stop_points_campaign
from loyalty.actions.stored_value import offer_stored_value, top_up, undo_top_up
from loyalty.actions.taking_back import forget_imports, undo_import
from loyalty.actions.tidying import forget_codes, forget_tries
from loyalty.value.ledger import AlreadySpent, AlreadyTakenBack, CardNotActive, NotEnough

__all__ = [
    "AlreadySpent",
    "AlreadyTakenBack",
    "CardNotActive",
    "HardToRead",
    "NotEnough",
    "Step",
    "UnknownMemberCard",
    "UnknownPrintedCard",
    "add_picture",
    "adjust",
    "announce_closing",
    "approve",
    "approve_by_code",
    "approve_on_screen",
    "ask_approval",
    "ask_for_code",
    "ask_for_print",
    "call_off_closing",
    "change_pass",
    "change_programme",
    "check_members",
    "choose_again",
    "choose_levels",
    "choose_sheet",
    "claw_back",
    "code_is_out",
    "confirm_import",
    "consume_approval",
    "counted",
    "decline",
    "earn",
    "enrol",
    "expire_due",
    "forget_codes",
    "forget_imports",
    "forget_tries",
    "freeze",
    "give_key",
    "give_level",
    "give_visit_back",
    "hold",
    "issue_pass",
    "join",
    "let_go",
    "link_medium",
    "link_own",
    "link_to_phone",
    "make_batch",
    "merge_claimed",
    "merge_members",
    "move_order",
    "needs_owner",
    "note_export",
    "offer_pass",
    "offer_stored_value",
    "open_programme",
    "pay_out",
    "pay_with_balance",
    "place_picture",
    "publish_design",
    "refund_card",
    "refund_pass",
    "refund_the_rest",
    "release",
    "replace",
    "return_to",
    "reverse",
    "revoke_key",
    "revoke_medium",
    "run_points_campaign",
    "save_step",
    "sell_pass",
    "set_earning",
    "set_levels",
    "set_pin",
    "set_safeguard",
    "set_spending",
    "spend",
    "start_pay_code",
    "step_back",
    "step_forward",
    "stop_points_campaign",
    "sweep_levels",
    "take_back_counted",
    "take_back_top_up",
    "tell_moves",
    "top_up",
    "undo_import",
    "undo_pass",
    "undo_top_up",
    "upload_members",
    "use_visit",
]
