"""What the portal does by itself with cases that are solved: after some days of silence they close."""

from datetime import datetime, timedelta

from complaints.actions.moving import move
from complaints.models import Complaint
from complaints.reasons.automatic import AGREED, NO_WORD
from complaints.refusals import NotFromHere
from complaints.states import ComplaintState

SILENT_AFTER_DAYS = 7
BATCH = 500


def settle(moment: datetime) -> int:
    """Close what was confirmed, and what was solved so long ago without a word; how many cases moved.

    Each case in a transaction of its own, so that one that a person opens again meanwhile stops no other.
    """
    quiet = moment - timedelta(days=SILENT_AFTER_DAYS)
    moved = 0
    for state, to, why in (
        (ComplaintState.RESOLVED, ComplaintState.SILENT, ""),
        (ComplaintState.SILENT, ComplaintState.CLOSED, NO_WORD),
        (ComplaintState.CONFIRMED, ComplaintState.CLOSED, AGREED),
    ):
        since = moment if state == ComplaintState.SILENT else quiet
        due = Complaint.objects.filter(state=state, ended_at__lte=since).order_by("pk")[:BATCH]
        moved += sum(_moved(complaint, to, why, moment) for complaint in due)
    return moved


def _moved(complaint: Complaint, to: str, why: str, moment: datetime) -> bool:
    try:
        move(complaint, to, by=None, why=why, moment=moment)
    except NotFromHere:
        return False  # the person wrote in between
    return True
