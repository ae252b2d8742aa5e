"""What can be done with a complaint. Each verb holds the case, checks the rule, writes and tells."""

from complaints.actions.asking import add_words, ask_how_it_was, called_back, rate
from complaints.actions.assigning import assign
from complaints.actions.attaching import look_at
from complaints.actions.calendars import add_day, know_holidays
from complaints.actions.causes import check_effects, find_causes, finish_prevention, plan_prevention
from complaints.actions.executing import execute_remedy, keep_promises
from complaints.actions.filing import FILED_A_DAY, file_complaint
from complaints.actions.forgetting import forget_mail
from complaints.actions.grading import regrade
from complaints.actions.importing import import_cases
from complaints.actions.misconduct import (
    answer_misconduct,
    look_at_misconduct,
    note_misconduct,
    report_misconduct,
)
from complaints.actions.moving import escalate, mark_duplicate, move
from complaints.actions.receiving import MOST_TRIES, arrive, keep_mail, park, read_again, receive_mail
from complaints.actions.remedies import approve_remedy, drop_remedy, give_goodwill, propose_remedy
from complaints.actions.reminding import remind
from complaints.actions.settling import settle
from complaints.actions.sorting import case_from_mail, discard_mail, join_mail, look_at_mail, put_back
from complaints.actions.taking_down import take_down
from complaints.actions.talking import note, reply
from complaints.actions.turning_away import note_try
from complaints.actions.uploading import start_taking_in, try_cases, upload_cases

__all__ = [
    "FILED_A_DAY",
    "MOST_TRIES",
    "add_day",
    "add_words",
    "answer_misconduct",
    "approve_remedy",
    "arrive",
    "ask_how_it_was",
    "assign",
    "called_back",
    "case_from_mail",
    "check_effects",
    "discard_mail",
    "drop_remedy",
    "escalate",
    "execute_remedy",
    "file_complaint",
    "find_causes",
    "finish_prevention",
    "forget_mail",
    "give_goodwill",
    "import_cases",
    "join_mail",
    "keep_mail",
    "keep_promises",
    "know_holidays",
    "look_at",
    "look_at_mail",
    "look_at_misconduct",
    "mark_duplicate",
    "move",
    "note",
    "note_misconduct",
    "note_try",
    "park",
    "plan_prevention",
    "propose_remedy",
    "put_back",
    "rate",
    "read_again",
    "receive_mail",
    "regrade",
    "remind",
    "reply",
    "report_misconduct",
    "settle",
    "start_taking_in",
    "take_down",
    "try_cases",
    "upload_cases",
]
