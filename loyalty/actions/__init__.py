"""Opening a membership, joining it, and moving points: the only places where loyalty writes."""

from loyalty.actions.cards import change_programme, join, open_programme
from loyalty.actions.care import adjust, freeze, release, replace
from loyalty.actions.holds import hold, let_go
from loyalty.actions.points import claw_back, earn, expire_due, reverse, spend
from loyalty.ledger import AlreadySpent, AlreadyTakenBack, CardNotActive, NotEnough

__all__ = [
    "AlreadySpent",
    "AlreadyTakenBack",
    "CardNotActive",
    "NotEnough",
    "adjust",
    "change_programme",
    "claw_back",
    "earn",
    "expire_due",
    "freeze",
    "hold",
    "join",
    "let_go",
    "open_programme",
    "release",
    "replace",
    "reverse",
    "spend",
]
