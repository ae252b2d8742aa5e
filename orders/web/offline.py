"""Coupons taken without a network: a till's key, what it sends afterwards, a manager's list of conflicts."""

import base64
import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from merchants.models import Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from orders import actions
from orders.models import OfflineRule, OfflineUse
from orders.offline import Grant, key_of
from orders.web.offline_forms import DecisionForm, KeptForm, RuleForm
from orders.web.till import shops_of, till_of
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

PAGE = "orders/offline.html"
SHOWN = 50
MOST_SENT = 50


@allow(GET=merchant_staff(Role.CASHIER))
def key(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What the till needs to sign by itself; nothing where this shop takes no coupon without a network."""
    rule = OfflineRule.objects.filter(merchant=request.merchant, is_on=True).first()
    if rule is None:
        return HttpResponse(status=204)
    moment = timezone.now()
    grant = Grant.to(request.merchant, _shop(request), request.user, moment).text
    return JsonResponse(
        {
            "grant": grant,
            "key": base64.b64encode(key_of(grant)).decode(),
            "now": int(moment.timestamp() * 1000),
            "most": rule.most_waiting,
            "mostOff": rule.most_off,
            "lasts": int(rule.lasts.total_seconds() * 1000),
        }
    )


@allow(POST=merchant_staff(Role.CASHIER))
def send(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The till's queue, as JSON in one field; each answered by itself: ``{nonce: state}``."""
    try:
        sent = json.loads(request.POST.get("kept", ""))
    except ValueError:
        return HttpResponse(status=400)
    if not isinstance(sent, list) or len(sent) > MOST_SENT:
        return HttpResponse(status=400)
    shop = _shop(request)
    return JsonResponse({"settled": [_settled(request, shop, one) for one in sent]})


def _settled(request: MerchantRequest, shop: Shop, sent: Any) -> dict[str, str]:
    form = KeptForm(sent if isinstance(sent, dict) else {})
    if not form.is_valid():
        return {"nonce": str(form.data.get("nonce", "")), "state": "broken"}
    kept = form.kept
    try:
        use = actions.settle(kept, merchant=request.merchant, shop=shop, by=request.user)
    except Refused:
        return {"nonce": str(kept.nonce), "state": "broken"}
    return {"nonce": str(kept.nonce), "state": use.state}


def _shop(request: MerchantRequest) -> Shop:
    till = till_of(request, request.merchant)
    return get_object_or_404(shops_of(request.merchant), slug=till.slug if till else "")


@allow(GET=merchant_staff(Role.MANAGER), POST=merchant_staff(Role.OWNER))
def kept(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What waits for a decision, what was decided; POST changes the rule, which is the owner's."""
    rule = OfflineRule.objects.filter(merchant=request.merchant).first() or OfflineRule(is_on=False)
    form = RuleForm(request.POST or None, initial=vars(rule))
    if request.method == "POST" and form.is_valid():
        actions.set_offline_rule(request.merchant, **form.cleaned_data)
        messages.success(request, _("Saved"))
        return redirect("orders:offline", merchant)
    return _page(request, form, status=422 if form.errors else 200)


@allow(POST=merchant_staff(Role.MANAGER))
def decide(request: MerchantRequest, merchant: str, nonce: str) -> HttpResponse:
    use = get_object_or_404(OfflineUse.objects.of(request.merchant), nonce=nonce)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why in a few words; it stays on record."))
        return redirect("orders:offline", merchant)
    data = form.cleaned_data
    try:
        actions.decide(use, by=request.user, count=data["do"] == "count", note=data["note"])
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:offline", merchant)


def _page(request: MerchantRequest, form: RuleForm, *, status: int) -> HttpResponse:
    uses = OfflineUse.objects.of(request.merchant)
    context = {
        "form": form,
        "owns": request.role.covers(Role.OWNER),
        "open": [(use, DecisionForm()) for use in uses.to_be_looked_at().in_full()[:SHOWN]],
        "decided": uses.exclude(state=OfflineUse.State.CONFLICT).in_full()[:SHOWN],
        "lost": uses.lost(),
    }
    return render_page(request, PAGE, context, status=status)
