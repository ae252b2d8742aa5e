"""What a card's points can be exchanged for, the vouchers that are ready, and its stamps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.actions.rewards import UNDO_WINDOW, redeem_reward, undo_voucher
from loyalty.models import Card, Reward, RewardVoucher
from loyalty.value.holdings import stamps_of
from loyalty.web.reward_forms import RedeemForm
from merchants.models import Shop
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@allow(GET=signed_in, POST=signed_in)
def rewards(request: SignedInRequest, token: str) -> HttpResponse:
    """The catalogue; exchanging gives a voucher with a code for the counter."""
    card = get_object_or_404(Card.objects.held_by(request.user).in_full(), token=token)
    form = RedeemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _redeem(request, card, form)
    now = timezone.now()
    context = {
        "card": card,
        "rewards": [
            (one, RedeemForm.fresh(initial={"reward": one.pk}))
            for one in Reward.objects.of(card.programme).offered()[:50]
        ],
        "vouchers": [
            (one, one.by_id == request.user.pk and now - one.issued_at <= UNDO_WINDOW)
            for one in RewardVoucher.objects.usable_on(card, now)[:50]
        ],
        "stamps": stamps_of(card, now),
    }
    return render_page(request, "consumers/rewards.html", context)


def _redeem(request: SignedInRequest, card: Card, form: RedeemForm) -> HttpResponse:
    reward = get_object_or_404(Reward.objects.of(card.programme), pk=form.cleaned_data["reward"])
    shop = get_object_or_404(
        Shop.objects.filter(merchant=card.merchant_id, closed_at=None).order_by("pk")[:1]
    )
    try:
        redeem_reward(reward, card, key=form.cleaned_data["key"], shop=shop, by=request.user)
        messages.success(request, _("Yours. Show its code at the counter."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("consumers:rewards", card.token)


@allow(POST=signed_in)
def undo(request: SignedInRequest, token: str, voucher: str) -> HttpResponse:
    found = get_object_or_404(RewardVoucher.objects.filter(card__customer__user=request.user), token=voucher)
    try:
        undo_voucher(found, by=request.user)
        messages.success(request, _("Undone. The points are back."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("consumers:rewards", token)
