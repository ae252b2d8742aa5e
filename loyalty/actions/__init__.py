"""Opening a membership, joining it, and moving points: the only places where loyalty writes."""

from loyalty.actions.cards import change_programme, join, open_programme
from loyalty.actions.care import adjust, freeze, release, replace
from loyalty.actions.holds import hold, let_go
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
    "claw_back",
    "earn",
    "expire_due",
    "freeze",
    "hold",
    "join",
    "let_go",
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
    "undo_top_up",
]
