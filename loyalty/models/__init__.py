"""Member cards and the value ledger."""

from loyalty.models.exports import MemberExport
from loyalty.models.holds import Hold
from loyalty.models.importing import (
    Brought,
    ImportRow,
    ImportState,
    MemberImport,
    Outcome,
    RowState,
)
from loyalty.models.ledger import MONEY, Account, Allocation, Entry, EntryKind, Lot, ValueKind
from loyalty.models.membership import FACES, Card, CardState, Programme, RetiredCode
from loyalty.models.merging import CardMerge
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
    "Brought",
    "Card",
    "CardMerge",
    "CardState",
    "Channel",
    "Entry",
    "EntryKind",
    "Hold",
    "ImportRow",
    "ImportState",
    "Lot",
    "MemberExport",
    "MemberImport",
    "Outcome",
    "Programme",
    "Refund",
    "RetiredCode",
    "RowState",
    "SpendOrder",
    "StoredValueTerms",
    "TopUp",
    "ValueKind",
    "Why",
]
