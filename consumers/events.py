"""What reviews tell the apps above."""

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
