"""Printed cards and passes in their holder's hands: linked to the card in the wallet, revoked when lost."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.models import CardMedium
from loyalty.web.print_forms import OwnLinkForm
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@allow(GET=signed_in, POST=signed_in)
def link(request: SignedInRequest) -> HttpResponse:
    """The number and the link code from the back of the card."""
    asked = {"number": request.GET.get("number", "")[:20]}
    form = OwnLinkForm(request.POST) if request.method == "POST" else OwnLinkForm(initial=asked)
    if form.is_valid():
        try:
            linked = actions.link_own(request.user, **form.cleaned_data)
            messages.success(request, _("Linked. The printed card and your phone now show the same card."))
            return redirect("kernel:resolve", linked.card.token if linked.card else "")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return render_page(request, "consumers/link_card.html", {"form": form}, status=status)


@allow(POST=signed_in)
def revoke(request: SignedInRequest, token: str, medium: int) -> HttpResponse:
    """Lost: it works nowhere any more."""
    mine = get_object_or_404(CardMedium.objects.held_by(request.user), card__token=token, pk=medium)
    actions.revoke_medium(mine, by=request.user)
    messages.success(request, _("Revoked. Your card on the phone still works."))
    return redirect("consumers:card", token)
