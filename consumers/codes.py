"""A member card scanned by its holder opens the holder's own page of it; so does what it is to pay."""

from django.http import HttpRequest
from django.urls import reverse

from loyalty.models import Approval, Card, CardMedium, MediumState
from merchants.models import StaffMember
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


@resolves("medium")
def to_what_a_printed_card_stands_for(request: HttpRequest, ref: int) -> str | None:
    """Its holder's own card; one that is nobody's yet leads to linking it, with its number filled in."""
    medium = CardMedium.objects.select_related("card__customer").filter(pk=ref).first()
    if medium and medium.state == MediumState.BLANK and not _works_there(request, medium.merchant_id):
        return f"{reverse('consumers:link_card')}?number={medium.number}"
    card = medium.card if medium else None
    mine = card and request.user.is_authenticated and card.customer.user_id == request.user.pk
    return reverse("consumers:card", args=[card.token]) if card and mine else None


def _works_there(request: HttpRequest, merchant_id: int) -> bool:
    """Whoever does is led to the counter by the app below."""
    team = StaffMember.objects.current().filter(merchant=merchant_id)
    return request.user.is_authenticated and team.filter(user=request.user.pk).exists()
