"""Member cards and the value ledger."""

from loyalty.models.approval import Approval, Stage, Value, Way
from loyalty.models.codes import CardKey, Proof, Safeguard, UsedCode
from loyalty.models.exports import MemberExport
from loyalty.models.holds import Hold
from loyalty.models.importing import Brought, ImportRow, ImportState, MemberImport, Outcome, RowState
from loyalty.models.ledger import MONEY, Account, Allocation, Entry, EntryKind, Lot, ValueKind
from loyalty.models.levels import (
    Consumption,
    Ground,
    Level,
    LevelMove,
    LevelRule,
    Metric,
    MoveKind,
    Standing,
    WindowKind,
)
from loyalty.models.membership import FACES, Card, CardState, Programme, RetiredCode
from loyalty.models.merging import CardMerge
from loyalty.models.pin import Pin, PinChange, PinCode, PinTry
from loyalty.models.rewards import (
    Reward,
    RewardVoucher,
    Stamp,
    StampBasis,
    StampCard,
    StampScheme,
    VoucherState,
)
from loyalty.models.rules import Basis, EarningRule, PointsCampaign, Rounding, SpendingRule
from loyalty.models.stored_value import BonusTier, Channel, Refund, SpendOrder, StoredValueTerms, TopUp, Why

__all__ = [
    "FACES",
    "MONEY",
    "Account",
    "Allocation",
    "Approval",
    "Basis",
    "BonusTier",
    "Brought",
    "Card",
    "CardKey",
    "CardMerge",
    "CardState",
    "Channel",
    "Consumption",
    "EarningRule",
    "Entry",
    "EntryKind",
    "Ground",
    "Hold",
    "ImportRow",
    "ImportState",
    "Level",
    "LevelMove",
    "LevelRule",
    "Lot",
    "MemberExport",
    "MemberImport",
    "Metric",
    "MoveKind",
    "Outcome",
    "Pin",
    "PinChange",
    "PinCode",
    "PinTry",
    "PointsCampaign",
    "Programme",
    "Proof",
    "Refund",
    "RetiredCode",
    "Reward",
    "RewardVoucher",
    "Rounding",
    "RowState",
    "Safeguard",
    "SpendOrder",
    "SpendingRule",
    "Stage",
    "Stamp",
    "StampBasis",
    "StampCard",
    "StampScheme",
    "Standing",
    "StoredValueTerms",
    "TopUp",
    "UsedCode",
    "Value",
    "ValueKind",
    "VoucherState",
    "Way",
    "Why",
    "WindowKind",
]
