"""What a coupon's terms are worth on a bill: pure arithmetic, rounded once."""

from typing import Protocol

from coupons.models import CouponKind


class Terms(Protocol):
    """What a coupon and its programme have in common."""

    kind: str
    amount_off: int | None
    percent_off: int | None
    most_off: int | None


def discount_on(terms: Terms, bill: int) -> int:
    """Minor units off a bill in minor units: a percentage is rounded half up, nothing exceeds the bill."""
    if terms.kind == CouponKind.AMOUNT:
        off = terms.amount_off or 0
    else:
        off = (2 * bill * (terms.percent_off or 0) + 100) // 200
    if terms.most_off is not None:
        off = min(off, terms.most_off)
    return min(off, bill)
