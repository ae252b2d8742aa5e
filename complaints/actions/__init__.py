"""What can be done with a complaint. Each verb holds the case, checks the rule, writes and tells."""

from complaints.actions.assigning import assign
from complaints.actions.filing import FILED_A_DAY, file_complaint
from complaints.actions.moving import escalate, mark_duplicate, move
from complaints.actions.settling import settle
from complaints.actions.talking import note, reply

__all__ = [
    "FILED_A_DAY",
    "assign",
    "escalate",
    "file_complaint",
    "mark_duplicate",
    "move",
    "note",
    "reply",
    "settle",
]
