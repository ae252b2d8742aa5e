"""Member cards and the value ledger."""

from loyalty.models.holds import Hold
from loyalty.models.ledger import MONEY, Account, Allocation, Entry, EntryKind, Lot, ValueKind
from loyalty.models.membership import FACES, Card, CardState, Programme, RetiredCode

__all__ = [
    "FACES",
    "MONEY",
    "Account",
    "Allocation",
    "Card",
    "CardState",
    "Entry",
    "EntryKind",
    "Hold",
    "Lot",
    "Programme",
    "RetiredCode",
    "ValueKind",
]
