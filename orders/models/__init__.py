"""Purchases at the counter, goods that come back, and payments that come from outside."""

from orders.models.offline import OfflineRule, OfflineState, OfflineUse
from orders.models.payments import Payment, PaymentNotice, PaymentState, SimulatedDecision
from orders.models.purchases import Purchase, PurchaseLine, PurchaseQuerySet, Saving, SavingKind, WrongCode
from orders.models.returns import Return
from orders.models.tenders import Tender

__all__ = [
    "OfflineRule",
    "OfflineState",
    "OfflineUse",
    "Payment",
    "PaymentNotice",
    "PaymentState",
    "Purchase",
    "PurchaseLine",
    "PurchaseQuerySet",
    "Return",
    "Saving",
    "SavingKind",
    "SimulatedDecision",
    "Tender",
    "WrongCode",
]
