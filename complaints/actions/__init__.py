"""What can be done with a complaint. Each verb holds the case, checks the rule, writes and tells."""

from complaints.actions.asking import add_words, ask_how_it_was, called_back, rate
from complaints.actions.assigning import assign
from complaints.actions.attaching import look_at
from complaints.actions.calendars import add_day, know_holidays
from complaints.actions.causes import check_effects, find_causes, finish_prevention, plan_prevention
from complaints.actions.executing import execute_remedy, keep_promises
from complaints.actions.filing import FILED_A_DAY, file_complaint
from complaints.actions.grading import regrade
from complaints.actions.importing import import_cases
from complaints.actions.misconduct import (
    answer_misconduct,
    look_at_misconduct,
    note_misconduct,
    report_misconduct,
)
from complaints.actions.moving import escalate, mark_duplicate, move
from complaints.actions.remedies import approve_remedy, drop_remedy, give_goodwill, propose_remedy
from complaints.actions.reminding import remind
from complaints.actions.settling import settle
from complaints.actions.taking_down import take_down
from complaints.actions.talking import note, reply
from complaints.actions.turning_away import note_try

__all__ = [
    "FILED_A_DAY",
    "add_day",
    "add_words",
    "answer_misconduct",
    "approve_remedy",
    "ask_how_it_was",
    "assign",
    "called_back",
    "check_effects",
    "drop_remedy",
    "escalate",
    "execute_remedy",
    "file_complaint",
    "find_causes",
    "finish_prevention",
    "give_goodwill",
    "import_cases",
    "keep_promises",
    "know_holidays",
    "look_at",
    "look_at_misconduct",
    "mark_duplicate",
    "move",
    "note",
    "note_misconduct",
    "note_try",
    "plan_prevention",
    "propose_remedy",
    "rate",
    "regrade",
    "remind",
    "reply",
    "report_misconduct",
    "settle",
    "take_down",
]
