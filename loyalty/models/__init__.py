"""Member cards and the value ledger."""

from loyalty.models.holds import Hold
from loyalty.models.ledger import MONEY, Account, Allocation, Entry, EntryKind, Lot, ValueKind
from loyalty.models.membership import FACES, Card, CardState, Programme, RetiredCode
from loyalty.models.stored_value import (
    BonusTier,
    Channel,
    Refund,
    SpendOrder,
    StoredValueTerms,
    TopUp,
    Why,
)

__all__ = [
    "FACES",
    "MONEY",
    "Account",
    "Allocation",
    "BonusTier",
    "Card",
    "CardState",
    "Channel",
    "Entry",
    "EntryKind",
    "Hold",
    "Lot",
    "Programme",
    "Refund",
    "RetiredCode",
    "SpendOrder",
    "StoredValueTerms",
    "TopUp",
    "ValueKind",
    "Why",
]
