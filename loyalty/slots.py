"""What loyalty has to say on other apps' pages."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from loyalty.models import Card, CardMedium, PrintOrder, Programme, RewardVoucher
from merchants.models import Shop
from merchants.print_orders import queue_tile
from merchants.trust.along import goes_along
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
# a printed card in somebody's purse shows the card that is kept; a pass is made anew for that one
goes_along(CardMedium, of="card", only="t.kind = 'printed' AND t.state = 'linked'")


@fills("card.media")
def media_of_the_card(request: HttpRequest, *, card: Card, revoke: str, **inputs: Any) -> str:
    """Its printed cards and passes, each to be revoked by itself; ``revoke`` names the route that does it."""
    first = request.resolver_match.kwargs.get("merchant") if request.resolver_match else None
    named = [first, card.number] if first else [card.token]
    rows = [(one, reverse(revoke, args=[*named, one.pk])) for one in CardMedium.objects.of(card)]
    return render_to_string("loyalty/media.html", {"media": rows}, request)


@fills("staff.queues")
def queue_of_orders(request: HttpRequest, **inputs: Any) -> str:
    """How many orders of printed cards wait for us."""
    return queue_tile(request, PrintOrder)
