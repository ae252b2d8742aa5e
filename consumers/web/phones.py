"""The phones that show the code of a card of one's own: given a key, taken off."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consumers.web.mine import my_card
from loyalty import actions
from loyalty.models import CardKey
from portal.kernel.access import SignedInRequest, allow, signed_in

KINDS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


@allow(POST=signed_in)
def keys(request: SignedInRequest, token: str) -> HttpResponse:
    """A key for the browser that asks; told once, over this signed-in page, and kept by no cache."""
    agent = request.headers.get("User-Agent", "")
    device = next((kind for kind in KINDS if kind in agent), "")
    key = actions.give_key(my_card(request, token), device=device, by=request.user, moment=timezone.now())
    answer = JsonResponse({"id": key.pk, "key": key.secret})
    answer["Cache-Control"] = "no-store"
    return answer


@allow(POST=signed_in)
def revoke(request: SignedInRequest, token: str, key: int) -> HttpResponse:
    """A phone that is lost or sold: what it shows pays nothing from now on."""
    found = get_object_or_404(
        CardKey.objects.select_related("card__customer"), pk=key, card=my_card(request, token)
    )
    actions.revoke_key(found, by=request.user, moment=timezone.now())
    messages.success(request, _("That phone's code is good for nothing now."))
    return redirect("consumers:pin", token)
