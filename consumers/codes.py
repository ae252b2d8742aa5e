"""A member card scanned by its holder opens the holder's own page of it; so does what it is to pay."""

from django.http import HttpRequest
from django.urls import reverse

from loyalty.models import Approval, Card
from portal.kernel.codes import resolves


@resolves("card")
def to_my_card(request: HttpRequest, ref: int) -> str | None:
    if not request.user.is_authenticated:
        return None
    card = Card.objects.filter(pk=ref, customer__user=request.user).first()
    return reverse("consumers:card", args=[card.token]) if card else None


@resolves("approval")
def to_my_payment(request: HttpRequest, ref: int) -> str | None:
    if not request.user.is_authenticated:
        return None
    asked = Approval.objects.filter(pk=ref, card__customer__user=request.user).select_related("card").first()
    return reverse("consumers:approval", args=[asked.card.token, asked.token]) if asked else None
