"""What customer care writes: the only places where it does."""

from crm.actions.birthdays import (
    forget_noted,
    give_birthday,
    note_birthday,
    roll_on,
    take_birthday_back,
    take_noted_back,
)
from crm.actions.campaigns import FLASH, HOLD, Plan, release_due, send_deal, send_letter, stop
from crm.actions.contacts import TooManyLooks, reveal_phone
from crm.actions.granting import give_cards, grant_cards
from crm.actions.greetings import greet_due, switch_off, switch_on
from crm.actions.segments import (
    bring_back,
    hold_in,
    put_away,
    put_on_list,
    refresh_all,
    save_segment,
    take_off,
)
from crm.actions.tags import give_up, put_tag, tag_called, take_tag

__all__ = [
    "FLASH",
    "HOLD",
    "Plan",
    "TooManyLooks",
    "bring_back",
    "forget_noted",
    "give_birthday",
    "give_cards",
    "give_up",
    "grant_cards",
    "greet_due",
    "hold_in",
    "note_birthday",
    "put_away",
    "put_on_list",
    "put_tag",
    "refresh_all",
    "release_due",
    "reveal_phone",
    "roll_on",
    "save_segment",
    "send_deal",
    "send_letter",
    "stop",
    "switch_off",
    "switch_on",
    "tag_called",
    "take_birthday_back",
    "take_noted_back",
    "take_off",
    "take_tag",
]
