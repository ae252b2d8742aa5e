"""What reviews and conversations tell: listeners here, and the apps above."""

from dataclasses import dataclass

from portal.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReviewWritten(Event):
    """Somebody said something about a shop; ``is_shown`` is False while staff look at it first."""

    review_id: int
    shop_id: int
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Event):
    review_id: int
    shop_id: int


@dataclass(frozen=True, kw_only=True)
class ReviewDecided(Event):
    """Staff took a review down, put it up again, or left it where it was."""

    review_id: int
    decision_id: int


@dataclass(frozen=True, kw_only=True)
class LetterWritten(Event):
    """Somebody wrote in a conversation; ``is_first`` of what the other side hasn't read yet."""

    letter_id: int
    conversation_id: int
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class ConversationDecided(Event):
    """Staff read a reported conversation, and closed it or left it."""

    conversation_id: int
    report_ids: list[int]
    is_closed: bool
