"""Getting a member card: from the poster on the counter or the storefront."""

from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from loyalty import actions
from loyalty.models import Card, Programme
from merchants.models import Shop
from portal.kernel.access import allow, anyone
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

WANTED = "card wanted"  # a visitor pressed the button; signing in comes in between


@allow(GET=anyone, POST=anyone)
def join(request: HttpRequest, shop: str) -> HttpResponse:
    """What the card gives, one button. A visitor proves their phone first and gets the card then."""
    place = get_object_or_404(Shop.objects.listed().select_related("merchant"), slug=shop)
    programme: Any = get_object_or_404(
        Programme.objects.of(place.merchant_id or 0).in_full().seen_by(request.user)
    )
    wants = request.method == "POST"
    if wants and not request.user.is_authenticated:
        request.session[WANTED] = place.slug
        return redirect_to_login(request.path)
    if request.user.is_authenticated and not programme.mine:
        wants = wants or request.session.pop(WANTED, None) == place.slug
    refusal = None
    if wants:
        try:
            card = actions.join(programme, cast(User, request.user), by=cast(User, request.user))
            return redirect("kernel:resolve", card.token)
        except Refused as said:
            refusal = said
    context = {"shop": place, "programme": programme, "refusal": refusal}
    return render_page(request, "loyalty/join.html", context, status=422 if refusal else 200)


@allow(GET=anyone)
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Where the text message leads that tells of a card: what it is, and how it becomes one's own.

    Open to whoever holds the unguessable address, until somebody has claimed it: it names nobody.
    """
    card = get_object_or_404(Card.objects.in_full(), token=token)
    if card.customer.user_id and card.customer.user_id != request.user.pk:
        return redirect_to_login(reverse("kernel:resolve", args=[token]))
    if card.customer.user_id:
        return redirect("kernel:resolve", token)
    shop = Shop.objects.listed().filter(merchant=card.merchant_id).order_by("pk").first()
    response = render_page(request, "loyalty/claim.html", {"card": card, "shop": shop})
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex"
    return response
