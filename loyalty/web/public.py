"""Getting a member card: from the poster on the counter or the storefront."""

from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from loyalty import actions
from loyalty.models import Programme
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
    programme: Any = get_object_or_404(Programme.objects.of(place.merchant_id or 0).seen_by(request.user))
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
