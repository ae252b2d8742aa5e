"""Something is wrong with a listing: visitors report it, the owner looks at before and after and decides."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.models import Correction, Origin, Shop, Wrong
from merchants.web.access import MerchantRequest
from merchants.web.correction_forms import FORMS, ReportForm, proposed_by
from merchants.web.step_page import EDITS
from portal.kernel.access import SignedInRequest, allow, anyone, signed_in
from portal.kernel.forms import clean_text
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import render_page
from portal.kernel.web.pages import client_address

SHOWN = 100


@allow(GET=anyone, POST=anyone)
def report(request: HttpRequest, shop: str) -> HttpResponse:
    """First what is wrong, then how it should be. Nobody needs an account for it."""
    row = get_object_or_404(Shop.objects.listed().select_related("category", "merchant"), slug=shop)
    what = request.GET.get("what") or request.POST.get("what")
    wrong = next((one for one in Wrong if one == what), None)
    if wrong is None:
        context = {"shop": row, "kinds": Wrong, "mine": _mine(request, row)}
        return render_page(request, "merchants/report.html", context)
    form = _form(request, row, wrong)
    if request.method == "POST" and form.is_valid() and _sent(request, row, wrong, form):
        messages.success(request, _("Thank you. We look at it."))
        return redirect(row.get_absolute_url())
    map_of = {"tiles": settings.MAP_TILES, "credits": settings.MAP_CREDITS}
    context = {"shop": row, "wrong": wrong, "form": form, **map_of}
    return render_page(request, "merchants/report_form.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, shop: Shop, wrong: Wrong) -> Any:
    kind = FORMS[wrong]
    if request.method == "POST":
        return kind(request.POST, request.FILES, shop=shop)
    at_first: dict[str, Any] = {}
    if shop.location is not None:
        at_first = {"lat": f"{shop.location.y:.6f}", "lon": f"{shop.location.x:.6f}"}
    return kind.fresh(shop=shop, initial=at_first)


def _sent(request: HttpRequest, shop: Shop, wrong: Wrong, form: ReportForm) -> bool:
    values = form.cleaned_data
    try:
        actions.propose(
            shop,
            proposed_by(form, wrong),
            by=_person(request),
            address=client_address(request),
            key=values["key"],
            said=values["said"],
            evidence=values["evidence"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _mine(request: HttpRequest, shop: Shop) -> list[Correction]:
    person = _person(request)
    return list(Correction.objects.said_by(person, shop).select_related("other")[:20]) if person else []


@allow(POST=signed_in)
def withdraw(request: SignedInRequest, shop: str, correction: int) -> HttpResponse:
    mine = get_object_or_404(Correction, pk=correction, shop__slug=shop, by=request.user)
    actions.withdraw_correction(mine)
    messages.success(request, _("Your report is withdrawn."))
    return redirect("merchants:report", shop)


@allow(GET=EDITS)
def corrections(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What visitors say about the merchant's shops, oldest first, before and after side by side."""
    rows = Correction.objects.for_owner(request.merchant).order_by("created_at", "pk")[:SHOWN]
    return render_page(request, "merchants/corrections.html", {"rows": rows})


@allow(POST=EDITS)
def decide(request: MerchantRequest, merchant: str, correction: int) -> HttpResponse:
    """One tap: taken over. Or not, with a reason that the visitor reads."""
    row = get_object_or_404(Correction, pk=correction, shop__merchant=request.merchant)
    try:
        if "accept" in request.POST:
            actions.accept_correction(row, by=request.user, decided_as=Origin.OWNER)
            messages.success(request, _("Taken over. The listing says it now."))
        else:
            reason = clean_text(request.POST.get("reason", ""))[:500]
            actions.decline_correction(row, by=request.user, decided_as=Origin.OWNER, reason=reason)
            messages.success(request, _("Not taken over. The visitor was told why."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("merchants:corrections", request.merchant.slug)
