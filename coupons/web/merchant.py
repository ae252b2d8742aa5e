"""What a merchant sees of coupons: the offers, how they do, and the form to make one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from coupons import actions, words
from coupons.models import CouponProgramme, ProgrammeState
from coupons.presets import preset_called, presets_for
from coupons.questions import latest_redemptions, with_counts
from coupons.saying import said_rules
from coupons.web.forms import OfferForm
from coupons.wording import remarks_on
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)
SHOWN = 100


def _zone(request: MerchantRequest) -> str:
    """Days of an offer begin and end where the merchant's first shop is."""
    shop = request.merchant.shops.order_by("pk").only("time_zone").first()
    return shop.time_zone if shop else request.user.time_zone


def _place(request: MerchantRequest) -> dict[str, Any]:
    return {"merchant": request.merchant, "zone": _zone(request)}


def _own(request: MerchantRequest, token: str) -> CouponProgramme:
    ours = CouponProgramme.objects.of(request.merchant).select_related("terms", "merchant")
    return get_object_or_404(ours, token=token)


@allow(GET=manager)
def programmes(request: MerchantRequest, merchant: str) -> HttpResponse:
    rows = list(with_counts(CouponProgramme.objects.of(request.merchant)).order_by("-pk")[:SHOWN])
    moment = timezone.now()
    context = {
        "rows": [(row, row.stage_at(moment)) for row in rows],
        "presets": presets_for(request.merchant),
    }
    return render_page(request, "coupons/programmes.html", context)


@allow(GET=manager, POST=manager)
def new(request: MerchantRequest, merchant: str) -> HttpResponse:
    """From a preset or from nothing; one press publishes, the other keeps a draft."""
    if request.method != "POST":
        preset = preset_called(request.GET.get("preset", ""))
        return _form_page(request, OfferForm.from_preset(preset, **_place(request)))
    form = OfferForm(request.POST, **_place(request))
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        programme = actions.draft_programme(
            request.merchant, **form.terms(), key=form.cleaned_data["key"], by=request.user
        )
        if request.POST.get("do") == "publish":
            actions.publish_programme(programme, by=request.user)
            messages.success(request, _("Published. People can claim it now"))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, status=refusal.status)
    return redirect("coupons:programme", request.merchant.slug, programme.token)


def _form_page(
    request: MerchantRequest, form: OfferForm, *, programme: CouponProgramme | None = None, status: int = 200
) -> HttpResponse:
    return render_page(request, "coupons/form.html", {"form": form, "programme": programme}, status=status)


@allow(GET=manager, POST=manager)
def edit(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """Only drafts: what people have claimed keeps its terms, and so does what they were shown."""
    programme = _own(request, token)
    if programme.state != ProgrammeState.DRAFT:
        return redirect("coupons:programme", request.merchant.slug, token)
    zone = _zone(request)
    if request.method != "POST":
        return _form_page(request, OfferForm.from_programme(programme, zone=zone), programme=programme)
    form = OfferForm(request.POST, merchant=request.merchant, zone=zone, segment=programme.terms.segment)
    if not form.is_valid():
        return _form_page(request, form, programme=programme, status=422)
    try:
        actions.revise_draft(programme, **form.terms(), by=request.user)
        if request.POST.get("do") == "publish":
            actions.publish_programme(programme, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, programme=programme, status=refusal.status)
    return redirect("coupons:programme", request.merchant.slug, token)


@allow(GET=manager, POST=manager)
def programme(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """How one offer does; publishing and ending it."""
    row = _own(request, token)
    if request.method == "POST":
        verb = {"publish": actions.publish_programme, "end": actions.end_programme}.get(
            request.POST.get("do", "")
        )
        if verb is None:
            return redirect(request.path)
        try:
            verb(row, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)
    context = {
        "programme": row,
        "stage": row.stage_at(timezone.now()),
        "sentence": words.sentence(row),
        "rules": said_rules(row),
        "remarks": remarks_on(row.title, row.item) if row.state == ProgrammeState.DRAFT else (),
        "redemptions": latest_redemptions(row),
        "form": KeyedForm.fresh(),
    }
    return render_page(request, "coupons/programme.html", context)


@allow(GET=manager)
def poster(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """A page to print and hang at the counter."""
    row = _own(request, token)
    return render_page(request, "coupons/poster.html", {"programme": row, "sentence": words.sentence(row)})
