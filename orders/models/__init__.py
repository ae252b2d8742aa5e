"""Purchases at the counter, and payments that come from outside."""

from orders.models.payments import Payment, PaymentNotice, PaymentState, SimulatedDecision
from orders.models.purchases import (
    Purchase,
    PurchaseLine,
    PurchaseQuerySet,
    Saving,
    SavingKind,
    WrongCode,
)

__all__ = [
    "Payment",
    "PaymentNotice",
    "PaymentState",
    "Purchase",
    "PurchaseLine",
    "PurchaseQuerySet",
    "Saving",
    "SavingKind",
    "SimulatedDecision",
    "WrongCode",
]
