"""Two records side by side, for whoever has to say whether they are one person."""

from dataclasses import dataclass
from typing import Any

from coupons.models import Coupon
from loyalty.models import Account, Card
from merchants.actions import standing
from merchants.models import Customer, Merchant


@dataclass(frozen=True)
class Side:
    """One of the two: what the shop knows and what would go over."""

    customer: Customer
    card: Card | None
    holds: dict[str, int]  # kind of value → balance
    coupons: int

    @property
    def points(self) -> int:
        return self.holds.get("points", 0)

    @property
    def money(self) -> int:
        return self.holds.get("principal", 0) + self.holds.get("bonus", 0)


def kept_instead(merchant: Merchant, pk: int) -> Customer | None:
    """The record that the one with this key was merged into; None when it was not, or isn't ours."""
    gone = Customer.objects.filter(merchant=merchant, pk=pk, merged_away__isnull=False)
    found = gone.select_related("merged_away__kept").first()
    return standing(found) if found else None


def side_of(customer: Customer) -> Side:
    """Three questions."""
    accounts: Any = Account.objects.filter(card__customer=customer).values_list("kind", "balance")
    return Side(
        customer=customer,
        card=Card.objects.filter(customer=customer).first(),
        holds=dict(accounts),
        coupons=Coupon.objects.filter(merchant=customer.merchant_id, customer=customer).count(),
    )
