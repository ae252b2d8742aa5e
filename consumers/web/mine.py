"""A card of one's own, by the token in its address; anybody else's is 404."""

from django.shortcuts import get_object_or_404

from loyalty.models import Card
from portal.kernel.access import SignedInRequest


def my_card(request: SignedInRequest, token: str) -> Card:
    return get_object_or_404(Card.objects.held_by(request.user).in_full().with_passes(), token=token)
