"""Opening a membership, joining it, and moving points: the only places where loyalty writes."""

from loyalty.actions.cards import change_programme, enrol, join, note_export, open_programme
from loyalty.actions.care import adjust, freeze, release, replace
from loyalty.actions.holds import hold, let_go
from loyalty.actions.importing import (
    check_members,
    choose_again,
    choose_sheet,
    confirm_import,
    needs_owner,
    upload_members,
)
from loyalty.actions.merging import merge_claimed, merge_members
from loyalty.actions.points import claw_back, earn, expire_due, reverse, spend
from loyalty.actions.refunds import (
    announce_closing,
    call_off_closing,
    pay_out,
    refund_card,
    refund_the_rest,
    take_back_top_up,
)
from loyalty.actions.stored_value import offer_stored_value, pay_with_balance, top_up, undo_top_up
from loyalty.actions.taking_back import forget_imports, undo_import
from loyalty.ledger import AlreadySpent, AlreadyTakenBack, CardNotActive, NotEnough

__all__ = [
    "AlreadySpent",
    "AlreadyTakenBack",
    "CardNotActive",
    "NotEnough",
    "adjust",
    "announce_closing",
    "call_off_closing",
    "change_programme",
    "check_members",
    "choose_again",
    "choose_sheet",
    "claw_back",
    "confirm_import",
    "earn",
    "enrol",
    "expire_due",
    "forget_imports",
    "freeze",
    "hold",
    "join",
    "let_go",
    "merge_claimed",
    "merge_members",
    "needs_owner",
    "note_export",
    "offer_stored_value",
    "open_programme",
    "pay_out",
    "pay_with_balance",
    "refund_card",
    "refund_the_rest",
    "release",
    "replace",
    "reverse",
    "spend",
    "take_back_top_up",
    "top_up",
    "undo_import",
    "undo_top_up",
    "upload_members",
]
