"""A member card scanned by its holder opens the holder's own page of it."""

from django.http import HttpRequest
from django.urls import reverse

from loyalty.models import Card
from portal.kernel.codes import resolves


@resolves("card")
def to_my_card(request: HttpRequest, ref: int) -> str | None:
    if not request.user.is_authenticated:
        return None
    card = Card.objects.filter(pk=ref, customer__user=request.user).first()
    return reverse("consumers:card", args=[card.token]) if card else None
