"""Which of the coupons that one person can have of an offer is the next one."""

from coupons.models import Coupon, CouponProgramme
from merchants.models import Customer


def free_turn(programme: CouponProgramme, customer: Customer) -> int | None:
    """The lowest that the customer doesn't have; None when they have all. Under the programme's lock."""
    held = Coupon.objects.filter(programme=programme, customer=customer)
    taken = set(held.values_list("ordinal", flat=True))
    return next((turn for turn in range(1, programme.per_person + 1) if turn not in taken), None)
