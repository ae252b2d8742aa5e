""" "This listing is mine": the owner's side of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.actions.proving import phone_to_try
from merchants.models import ListingClaim, Merchant, Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from merchants.web.forms import AnswerForm, ClaimForm
from portal.kernel.access import allow, signed_in
from portal.kernel.forms import clean_text
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

OWNS = merchant_staff(Role.OWNER)


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
    context = {"shop": row, "form": form, "claim": mine, "phone": bool(phone_to_try(row))}
    return render_page(request, "merchants/claim.html", context, status=422 if form.errors else 200)


@allow(POST=signed_in)
def withdraw_claim(request: MerchantRequest, shop: str) -> HttpResponse:
    mine = get_object_or_404(ListingClaim.objects.waiting().filter(by=request.user), shop__slug=shop)
    actions.withdraw_claim(mine)
    messages.success(request, _("Your claim is withdrawn."))
    return redirect("merchants:claim", shop)


def _mine(request: MerchantRequest, shop: str) -> ListingClaim:
    waiting = ListingClaim.objects.waiting().filter(by=request.user).select_related("shop")
    return get_object_or_404(waiting, shop__slug=shop)


@allow(POST=signed_in)
def send_code(request: MerchantRequest, shop: str) -> HttpResponse:
    """A code to the listing's own phone, never to one that the claimant names."""
    try:
        tail = actions.send_claim_code(_mine(request, shop))
        messages.success(
            request, _("A code is on its way to the number that ends in %(tail)s.") % {"tail": tail}
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("merchants:claim", shop)


@allow(POST=signed_in)
def prove(request: MerchantRequest, shop: str) -> HttpResponse:
    mine = _mine(request, shop)
    try:
        actions.prove_claim(mine, clean_text(request.POST.get("code", ""))[:12])
        messages.success(request, _("The code is right. Our staff see that you answer the shop's phone."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("merchants:claim", shop)


@allow(GET=OWNS, POST=OWNS)
def disputes(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Claims of others to this merchant's shops: the owner says their side."""
    rows = ListingClaim.objects.disputes().filter(against=request.merchant, shop__merchant=request.merchant)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = request.POST.get("claim", "")
        one = get_object_or_404(rows, pk=int(number) if number.isascii() and number.isdigit() else 0)
        actions.answer_claim(one, said=form.cleaned_data["said"])
        messages.success(request, _("Thank you. We decide when we have heard both sides."))
        return redirect("merchants:disputes", merchant)
    context = {"rows": rows.select_related("shop").order_by("created_at", "pk")[:50], "form": form}
    status = 422 if form.errors else 200
    return render_page(request, "merchants/disputes.html", context, status=status)
