"""The two doors of the console: choosing a merchant, and beginning a new one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.models import Category, ClaimState, ListingClaim, Merchant, Shop
from merchants.steps import Step, next_step
from merchants.web.access import MerchantRequest
from merchants.web.forms import NameForm
from merchants.web.step_page import categories_for_choice, labels, step_url
from portal.kernel.access import allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@allow(GET=signed_in)
def choose(request: MerchantRequest) -> HttpResponse:
    """Who works for one merchant and has nothing else open goes straight there."""
    mine = list(Merchant.objects.worked_at_by(request.user).with_role_of(request.user))
    claims = ListingClaim.objects.filter(by=request.user, state=ClaimState.WAITING).select_related("shop")
    drafts = list(Shop.objects.drafts_of(request.user))
    if len(mine) == 1 and not drafts and not claims and "choose" not in request.GET:
        return redirect(mine[0].console)
    context = {
        "merchants": mine,
        "claims": claims,
        "drafts": [(shop, step_url(shop, next_step(shop)), next_step(shop).label) for shop in drafts],
    }
    return render_page(request, "merchants/choose.html", context)


@allow(GET=signed_in, POST=signed_in)
def start(request: MerchantRequest) -> HttpResponse:
    """The wizard's first step. Who left it half-way goes on where they were."""
    if request.method == "POST":
        return _open(request)
    draft = Shop.objects.drafts_of(request.user).first()
    if draft and "new" not in request.GET:
        messages.info(request, _("You were here before: go on where you left off."))
        return redirect(step_url(draft, next_step(draft)))
    return _page(request, NameForm.fresh())


def _open(request: MerchantRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            shop = actions.open_shop(request.user, **form.cleaned_data)
            return redirect(step_url(shop, Step.LOCATION))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form, status=422)


def _page(request: MerchantRequest, form: NameForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "steps": labels(list(Step)),
        "choices": categories_for_choice(Category.objects.all(), form["category"].value()),
    }
    return render_page(request, "merchants/start.html", context, status=status)
