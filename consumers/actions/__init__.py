"""The only place where consumers writes: reviews, answers, decisions."""

from consumers.actions.asking import ask_due, ask_later, way_to_review
from consumers.actions.confirming import is_asked, still_true
from consumers.actions.moderation import decide, report, take_down_own
from consumers.actions.replies import answer
from consumers.actions.reviews import (
    EDIT_WITHIN,
    MOST_PHOTOS,
    ORDINARY_EVERY,
    REVIEW_WITHIN,
    Said,
    demote,
    edit_review,
    withdraw,
    write_review,
)

__all__ = [
    "EDIT_WITHIN",
    "MOST_PHOTOS",
    "ORDINARY_EVERY",
    "REVIEW_WITHIN",
    "Said",
    "answer",
    "ask_due",
    "ask_later",
    "decide",
    "demote",
    "edit_review",
    "is_asked",
    "report",
    "still_true",
    "take_down_own",
    "way_to_review",
    "withdraw",
    "write_review",
]
