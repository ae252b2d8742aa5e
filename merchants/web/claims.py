""" "This listing is mine": the owner's side of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.models import ListingClaim, Merchant, Shop
from merchants.web.access import MerchantRequest
from merchants.web.forms import ClaimForm
from portal.kernel.access import allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@allow(GET=signed_in, POST=signed_in)
def claim(request: MerchantRequest, shop: str) -> HttpResponse:
    row = get_object_or_404(Shop.objects.listed().select_related("category"), slug=shop)
    owned = Merchant.objects.owned_by(request.user)
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        merchants=owned,
        initial={"merchant": request.GET.get("merchant", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.claim_listing(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your claim was sent. We will answer with a message."))
            return redirect(request.path)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    mine = ListingClaim.objects.filter(shop=row, by=request.user).order_by("-pk").first()
    context = {"shop": row, "form": form, "claim": mine}
    return render_page(request, "merchants/claim.html", context, status=422 if form.errors else 200)


@allow(POST=signed_in)
def withdraw_claim(request: MerchantRequest, shop: str) -> HttpResponse:
    mine = get_object_or_404(ListingClaim.objects.waiting().filter(by=request.user), shop__slug=shop)
    actions.withdraw_claim(mine)
    messages.success(request, _("Your claim is withdrawn."))
    return redirect("merchants:claim", shop)
