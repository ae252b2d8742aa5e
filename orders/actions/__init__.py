"""Ringing up a sale, undoing it, taking goods back: the only places where orders writes."""

from orders.actions.guarding import (
    forget_wrong_codes,
    forgive_wrong_code,
    note_wrong_code,
    watch_for_guessing,
)
from orders.actions.offline import decide, set_offline_rule, settle
from orders.actions.payments import (
    NoOnlinePayment,
    begin_pass,
    begin_top_up,
    decide_simulated,
    give_back,
    hear,
    lapse_payments,
)
from orders.actions.returns import take_back_goods
from orders.actions.sales import MOST, Item, OwnCard, ring_up
from orders.actions.undoing import undo
from orders.actions.visits import ring_up_visit

__all__ = [
    "MOST",
    "Item",
    "NoOnlinePayment",
    "OwnCard",
    "begin_pass",
    "begin_top_up",
    "decide",
    "decide_simulated",
    "forget_wrong_codes",
    "forgive_wrong_code",
    "give_back",
    "hear",
    "lapse_payments",
    "note_wrong_code",
    "ring_up",
    "ring_up_visit",
    "set_offline_rule",
    "settle",
    "take_back_goods",
    "undo",
    "watch_for_guessing",
]
