"""Member cards and the value ledger."""

from loyalty.models.approval import Approval, Stage, Value, Way
from loyalty.models.codes import CardKey, Proof, Safeguard, UsedCode
from loyalty.models.exports import MemberExport
from loyalty.models.holds import Hold
from loyalty.models.importing import Brought, ImportRow, ImportState, MemberImport, Outcome, RowState
from loyalty.models.ledger import MONEY, Account, Allocation, Entry, EntryKind, Lot, ValueKind
from loyalty.models.membership import FACES, Card, CardState, Programme, RetiredCode
from loyalty.models.merging import CardMerge
from loyalty.models.pin import Pin, PinChange, PinCode, PinTry
from loyalty.models.stored_value import BonusTier, Channel, Refund, SpendOrder, StoredValueTerms, TopUp, Why

__all__ = [
    "FACES",
    "MONEY",
    "Account",
    "Allocation",
    "Approval",
    "BonusTier",
    "Brought",
    "Card",
    "CardKey",
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
    "Pin",
    "PinChange",
    "PinCode",
    "PinTry",
    "Programme",
    "Proof",
    "Refund",
    "RetiredCode",
    "RowState",
    "Safeguard",
    "SpendOrder",
    "Stage",
    "StoredValueTerms",
    "TopUp",
    "UsedCode",
    "Value",
    "ValueKind",
    "Way",
    "Why",
]
