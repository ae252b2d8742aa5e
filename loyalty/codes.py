"""Where the code of a card leads whoever neither holds it nor works for its merchant."""

from django.http import HttpRequest
from django.urls import reverse

from loyalty.models import Card, CardMedium
from merchants.models import Shop
from portal.kernel.codes import resolves


def _offer_of(merchant_id: int) -> str | None:
    shop = Shop.objects.listed().filter(merchant=merchant_id).order_by("pk").first()
    return reverse("loyalty:join", args=[shop.slug]) if shop else None


@resolves("card")
def to_the_offer_of_a_card(request: HttpRequest, ref: int) -> str | None:
    """Nothing of the card is told: only where one can get one's own."""
    card = Card.objects.filter(pk=ref).first()
    return _offer_of(card.merchant_id) if card else None


@resolves("medium")
def to_the_offer_of_a_printed_card(request: HttpRequest, ref: int) -> str | None:
    """The same for a printed card that is somebody else's."""
    medium = CardMedium.objects.filter(pk=ref).first()
    return _offer_of(medium.merchant_id) if medium else None
