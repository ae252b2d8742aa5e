"""What coupons have to say on other apps' pages."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from coupons.questions import running_offers
from merchants.models import Shop
from portal.kernel.slots import fills


@fills("storefront.offers")
def offers(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """The merchant's running coupons on each of its storefronts."""
    programmes = list(running_offers(shop.merchant, timezone.now())) if shop.merchant else []
    return (
        render_to_string("coupons/offers_slot.html", {"programmes": programmes}, request)
        if programmes
        else ""
    )
