"""Where a complaint may stand and where it may go from there; the verbs and a trigger hold it to this."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ComplaintState(models.TextChoices):
    RECEIVED = "received", _("Received")
    IN_PROGRESS = "progress", _("In progress")
    WAITING_FOR_SHOP = "shop", _("Waiting for shop")
    WAITING_FOR_YOU = "person", _("Waiting for you")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


#: From where to where a complaint may go; anything else is refused, by the verb and by a trigger.
MOVES: dict[str, tuple[str, ...]] = {
    "received": ("progress", "shop", "person", "solved", "closed"),
    "progress": ("shop", "person", "solved", "closed"),
    "shop": ("progress", "solved"),
    "person": ("progress", "solved", "closed"),
    "solved": ("closed", "progress"),
    "closed": (),
}
OPEN_STATES = ("received", "progress", "shop", "person")
OVER_STATES = ("solved", "closed")


def may_move(before: str, after: str) -> bool:
    return after in MOVES[before]


def moves_as_sql() -> str:
    """``('received', 'progress'), …``: the same table for the database's own check."""
    return ", ".join(f"('{before}', '{after}')" for before, to in MOVES.items() for after in to)
