"""The only place where consumers writes: reviews, conversations, decisions, what people follow."""

from consumers.actions.areas import (
    TEXTS,
    add_area,
    agree_to_areas,
    evidence_of,
    forget_old_searches,
    note_search,
    remove_area,
    work_out,
    work_out_due,
)
from consumers.actions.asking import ask_due, ask_later, way_to_review
from consumers.actions.closing import decide_conversation
from consumers.actions.confirming import is_asked, still_true
from consumers.actions.conversations import (
    answer_person,
    block,
    go_on,
    report_conversation,
    seen,
    set_box,
    takes_messages,
    write_to_shop,
)
from consumers.actions.interests import follow_kinds, follow_shop, unfollow_shop
from consumers.actions.moderation import decide, report, take_down_own
from consumers.actions.presence import HERE_TEXT, forget_positions, share_position, stop_sharing
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
    "HERE_TEXT",
    "MOST_PHOTOS",
    "ORDINARY_EVERY",
    "REVIEW_WITHIN",
    "TEXTS",
    "Said",
    "add_area",
    "agree_to_areas",
    "answer",
    "answer_person",
    "ask_due",
    "ask_later",
    "block",
    "decide",
    "decide_conversation",
    "demote",
    "edit_review",
    "evidence_of",
    "follow_kinds",
    "follow_shop",
    "forget_old_searches",
    "forget_positions",
    "go_on",
    "is_asked",
    "note_search",
    "remove_area",
    "report",
    "report_conversation",
    "seen",
    "set_box",
    "share_position",
    "still_true",
    "stop_sharing",
    "take_down_own",
    "takes_messages",
    "unfollow_shop",
    "way_to_review",
    "withdraw",
    "work_out",
    "work_out_due",
    "write_review",
    "write_to_shop",
]
