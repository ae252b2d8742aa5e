"""What stands above a customer's timeline: sums that the roster keeps, and what the card holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from coupons.models import Coupon
from loyalty.models import Account, ValueKind
from merchants.models import Customer


@dataclass(frozen=True)
class Profile:
    points: int | None  # None without a card
    coupons: int  # usable now
    average: int | None  # minor units per visit
    rhythm_days: int | None  # mean days between visits, from three visits on


def profile_of(customer: Customer, *, moment: datetime) -> Profile:
    accounts = Account.objects.filter(card__customer=customer, kind=ValueKind.POINTS)
    return Profile(
        points=accounts.values_list("balance", flat=True).first(),
        coupons=Coupon.objects.of(customer.merchant).filter(customer=customer).usable_at(moment).count(),
        average=round(customer.spent / customer.visits) if customer.visits else None,
        rhythm_days=_rhythm(customer),
    )


def _rhythm(customer: Customer) -> int | None:
    if customer.visits < 3 or not (customer.first_visit_at and customer.last_visit_at):
        return None
    between = (customer.last_visit_at - customer.first_visit_at) / (customer.visits - 1)
    return max(1, round(between / timedelta(days=1)))
