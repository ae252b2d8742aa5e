"""The catalogue of rewards and the stamp cards in the console."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from loyalty.actions import rewards as actions
from loyalty.actions import stamps as stamping
from loyalty.models import Programme, Reward, StampScheme
from loyalty.web.reward_forms import REWARDS, SCHEMES, ChangeRewardForm, RewardForm, StampSchemeForm
from merchants.models import Role, Service
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)


def _begin(presets: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return {field: value for field, value in presets.get(name, {}).items() if field != "label"}


def _chips(presets: dict[str, dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, preset["label"]) for name, preset in presets.items()]


@allow(GET=manager, POST=manager)
def rewards(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What points are exchanged for, how many pieces are left, and something new."""
    programme = Programme.objects.of(request.merchant.pk).first()
    if programme is None:
        return redirect("loyalty:settings", merchant)
    chosen = request.GET.get("preset", "")
    form = RewardForm(request.POST) if request.POST else RewardForm.fresh(initial=_begin(REWARDS, chosen))
    if request.POST and form.is_valid():
        try:
            actions.offer_reward(programme, by=request.user, **form.cleaned_data)
            messages.success(request, _("The reward is on the catalogue."))
            return redirect("loyalty:rewards", merchant)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    rows = [(reward, ChangeRewardForm.fresh()) for reward in Reward.objects.of(programme)[:50]]
    context = {"form": form, "rows": rows, "presets": _chips(REWARDS), "chosen": chosen}
    return render_page(request, "loyalty/rewards.html", context, status=422 if form.errors else 200)


@allow(POST=manager)
def change_reward(request: MerchantRequest, merchant: str, reward: int) -> HttpResponse:
    """On or off the catalogue, more pieces or fewer."""
    found = get_object_or_404(Reward.objects.filter(merchant=request.merchant), pk=reward)
    form = ChangeRewardForm(request.POST)
    if form.is_valid():
        stock = form.cleaned_data["stock"]
        changes = {"stock": stock} if stock is not None else {"is_on": form.cleaned_data["is_on"]}
        try:
            actions.change_reward(found, by=request.user, **changes)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("loyalty:rewards", merchant)


@allow(GET=manager, POST=manager)
def schemes(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The stamp cards that run, and a new one."""
    programme = Programme.objects.of(request.merchant.pk).first()
    if programme is None:
        return redirect("loyalty:settings", merchant)
    chosen = request.GET.get("preset", "")
    services = Service.objects.offered().filter(shop__merchant=request.merchant).order_by("name", "pk")
    fresh = StampSchemeForm.fresh(initial=_begin(SCHEMES, chosen), services=services)
    form = StampSchemeForm(request.POST, services=services) if request.POST else fresh
    if request.POST and form.is_valid():
        try:
            stamping.run_stamp_scheme(programme, by=request.user, **form.terms())
            messages.success(request, _("The stamp card runs."))
            return redirect("loyalty:stamps", merchant)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    rows = [(scheme, ChangeRewardForm.fresh()) for scheme in StampScheme.objects.of(programme)[:50]]
    context = {"form": form, "rows": rows, "presets": _chips(SCHEMES), "chosen": chosen}
    return render_page(request, "loyalty/stamps.html", context, status=422 if form.errors else 200)


@allow(POST=manager)
def change_scheme(request: MerchantRequest, merchant: str, scheme: int) -> HttpResponse:
    """Running or not; free ones already earned stay good."""
    found = get_object_or_404(StampScheme.objects.filter(merchant=request.merchant), pk=scheme)
    form = ChangeRewardForm(request.POST)
    if form.is_valid():
        stamping.change_stamp_scheme(found, by=request.user, is_on=form.cleaned_data["is_on"])
    return redirect("loyalty:stamps", merchant)
