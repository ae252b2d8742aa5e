"""What coupons have to say on other apps' pages."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from coupons.models import Coupon, CouponProgramme, PaperOrder
from coupons.presets import FIRST_SHOWN, presets_for
from coupons.questions import running_offers
from merchants.models import Shop
from merchants.print_orders import queue_tile
from merchants.trust.along import goes_along
from portal.kernel.slots import fills

goes_along(Coupon, of="customer", order="ordinal")


@fills("storefront.offers")
def offers(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """The merchant's running coupons on each of its storefronts, those that the visitor can claim."""
    asked: dict[str, Any] = {"moment": timezone.now(), "to": request.user}
    programmes = running_offers(shop.merchant, **asked) if shop.merchant else []
    return (
        render_to_string("coupons/offers_slot.html", {"programmes": programmes}, request)
        if programmes
        else ""
    )


@fills("shop.live")
def first_coupon(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """Three offers that only have to be published, for a merchant that has none yet."""
    merchant = shop.merchant
    if merchant is None or shop.category.is_discovery_only:
        return ""
    if CouponProgramme.objects.of(merchant).exists():
        return ""
    context = {"merchant": merchant, "presets": presets_for(merchant)[:FIRST_SHOWN]}
    return render_to_string("coupons/first_coupon.html", context, request)


@fills("shop.share")
def coupon_posters(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """The running offers' own posters, beside the shop's."""
    programmes = running_offers(shop.merchant, timezone.now()) if shop.merchant else []
    context = {"merchant": shop.merchant, "programmes": programmes}
    return render_to_string("coupons/posters.html", context, request) if programmes else ""


@fills("staff.queues")
def queue_of_orders(request: HttpRequest, **inputs: Any) -> str:
    """How many orders of paper coupons wait for us."""
    return queue_tile(request, PaperOrder)
