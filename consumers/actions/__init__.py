"""The only place where consumers writes: reviews, answers, decisions."""

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
    "demote",
    "edit_review",
    "withdraw",
    "write_review",
]
