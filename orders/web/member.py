"""A member at the counter beside the bill: rewards for points, vouchers handed over, stamps by hand."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.actions import rewards, stamps
from loyalty.models import Approval, Card, Reward, RewardVoucher, StampScheme, Value
from loyalty.value.holdings import stamps_of
from loyalty.web.reward_forms import RedeemForm, StampForm
from merchants.models import Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from orders.actions.tendering import exchange_at_counter
from orders.web.forms import UndoForm
from orders.web.till import till_of
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

cashier = merchant_staff(Role.CASHIER)


@allow(GET=cashier)
def member(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """What this card can be given now."""
    card, now = _card(request, token), timezone.now()
    recent = RewardVoucher.objects.of(request.merchant).done_lately(
        card, request.user, now - rewards.UNDO_WINDOW
    )
    agreed = _agreed(request, card, request.GET.get("approval", ""))
    context = {
        "card": card,
        "agreed": agreed,
        "vouchers": [(one, UndoForm.fresh()) for one in RewardVoucher.objects.usable_on(card, now)[:20]],
        "rewards": [
            (one, RedeemForm.fresh(initial={"reward": one.pk, "approval": agreed.token if agreed else ""}))
            for one in Reward.objects.of(card.programme).offered()[:20]
        ],
        "stamps": [(one, StampForm.fresh(initial={"scheme": one.scheme.pk})) for one in stamps_of(card, now)],
        "recent": [(one, UndoForm.fresh()) for one in recent[:5]],
    }
    return render_page(request, "orders/member.html", context)


def _card(request: MerchantRequest, token: str) -> Card:
    return get_object_or_404(
        Card.objects.of(request.merchant).in_full().with_terms(timezone.now()), token=token
    )


def _agreed(request: MerchantRequest, card: Card, token: str) -> Approval | None:
    """What the holder agreed to exchange points for, if that is what the page was opened with."""
    mine = Approval.objects.of(request.merchant).filter(card=card, value=Value.POINTS)
    return mine.filter(token=token).first() if token else None


def _shop(request: MerchantRequest) -> Shop:
    till = till_of(request, request.merchant)
    return get_object_or_404(Shop.objects.filter(merchant=request.merchant), slug=till.slug if till else "")


def _do(request: MerchantRequest, card: Card, deed: Callable[[], Any], done: str) -> HttpResponse:
    try:
        deed()
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:member", request.merchant.slug, card.token)


@allow(POST=cashier)
def redeem(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """Points for a reward that is handed over at once; the holder has agreed to it with the PIN."""
    card, form = _card(request, token), RedeemForm(request.POST)
    if not form.is_valid():
        return redirect("orders:member", merchant, token)
    reward = get_object_or_404(Reward.objects.of(card.programme), pk=form.cleaned_data["reward"])
    agreed = _agreed(request, card, form.cleaned_data["approval"])
    facts: dict[str, Any] = {"key": form.cleaned_data["key"], "shop": _shop(request), "by": request.user}
    return _do(
        request,
        card,
        lambda: exchange_at_counter(reward, card, agreed, moment=timezone.now(), **facts),
        _("%(reward)s: hand it over.") % {"reward": reward.title},
    )


@allow(POST=cashier)
def stamp(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    card, form = _card(request, token), StampForm(request.POST)
    if not form.is_valid():
        return redirect("orders:member", merchant, token)
    data = form.cleaned_data
    scheme = get_object_or_404(StampScheme.objects.of(card.programme), pk=data["scheme"])
    facts: dict[str, Any] = {"key": data["key"], "shop": _shop(request), "by": request.user}
    return _do(request, card, lambda: stamps.stamp(card, scheme, data["count"], **facts), _("Stamped."))


@allow(POST=cashier)
def use(request: MerchantRequest, merchant: str, token: str, voucher: str) -> HttpResponse:
    card = _card(request, token)
    found = get_object_or_404(RewardVoucher.objects.of(request.merchant), token=voucher, card=card)
    shop = _shop(request)
    return _do(
        request,
        card,
        lambda: rewards.use_voucher(found, shop=shop, by=request.user),
        _("%(reward)s: hand it over.") % {"reward": found.title},
    )


@allow(POST=cashier)
def undo(request: MerchantRequest, merchant: str, token: str, voucher: str) -> HttpResponse:
    card = _card(request, token)
    found = get_object_or_404(RewardVoucher.objects.of(request.merchant), token=voucher, card=card)
    return _do(request, card, lambda: rewards.undo_voucher(found, by=request.user), _("Undone."))
