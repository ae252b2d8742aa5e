"""Where the code of a card leads whoever neither holds it nor works for its merchant."""

from django.http import HttpRequest
from django.urls import reverse

from loyalty.models import Card
from merchants.models import Shop
from portal.kernel.codes import resolves


@resolves("card")
def to_the_offer_of_a_card(request: HttpRequest, ref: int) -> str | None:
    """Nothing of the card is told: only where one can get one's own."""
    card = Card.objects.filter(pk=ref).first()
    shop = Shop.objects.listed().filter(merchant=card.merchant_id).order_by("pk").first() if card else None
    return reverse("loyalty:join", args=[shop.slug]) if shop else None
