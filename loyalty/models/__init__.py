"""Member cards and the value ledger."""

from loyalty.models.ledger import Account, Allocation, Entry, EntryKind, Lot, ValueKind
from loyalty.models.membership import FACES, Card, CardState, Programme, RetiredCode

__all__ = [
    "FACES",
    "Account",
    "Allocation",
    "Card",
    "CardState",
    "Entry",
    "EntryKind",
    "Lot",
    "Programme",
    "RetiredCode",
    "ValueKind",
]
