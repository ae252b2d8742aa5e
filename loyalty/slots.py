"""What loyalty has to say on other apps' pages."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from loyalty.models import Programme, RewardVoucher
from merchants.along import goes_along
from merchants.models import Shop
from portal.kernel.slots import fills


@fills("storefront.card")
def card_of_the_shop(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """The merchant's card: to get it, or one's own."""
    if not shop.merchant_id:
        return ""
    programme: Any = Programme.objects.of(shop.merchant_id).seen_by(request.user).first()
    if programme is None or not (programme.is_open or programme.mine):
        return ""
    return render_to_string("loyalty/card_slot.html", {"programme": programme, "shop": shop}, request)


# a voucher that is ready is the member's on whichever of their cards; what is done stays where it was done
goes_along(RewardVoucher, of="card", only="t.state = 'issued'")
