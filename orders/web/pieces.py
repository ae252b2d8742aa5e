"""What a coupon for certain services is used on: chosen at the counter, at the price on the list."""

from coupons.models import Coupon
from merchants.models import Service, Shop
from orders.actions import Item


def pieces_of(coupon: Coupon | None, shop: str) -> list[Service]:
    """The services at this till's shop that the coupon is for; none when it is for everything."""
    if coupon is None or not coupon.terms.services:
        return []
    listed = Service.objects.filter(pk__in=coupon.terms.services, shop__slug=shop, removed_at=None)
    return list(listed.order_by("position", "pk"))


def items_of(coupon: Coupon | None, shop: Shop, chosen: int | None, bill: int) -> list[Item]:
    """The chosen piece as a line of its own, and what else is on the bill; empty: the bill as one sum.

    A bill below the price on the list is believed: then the piece cost just that.
    """
    if coupon is None or chosen is None or chosen not in coupon.terms.services:
        return []
    service = Service.objects.filter(pk=chosen, shop=shop, removed_at=None).first()
    if service is None:
        return []
    piece = min(service.price, bill)
    rest = [Item("", bill - piece)] if bill > piece else []
    return [Item(service.title[:80], piece, 1, service), *rest]
