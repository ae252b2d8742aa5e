"""The money on one's card: what there is, what goes first, and having it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consumers.web.mine import my_card
from loyalty import actions
from loyalty.actions.refunds import cooling_off_days, may_take_back
from loyalty.models import Account, Entry, Refund, StoredValueTerms, TopUp
from loyalty.web.refunding import refund_page
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.forms import KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page


@allow(GET=signed_in)
def money(request: SignedInRequest, token: str) -> HttpResponse:
    """Balances, every step, and the top-ups that can still be taken back whole."""
    card, moment = my_card(request, token), timezone.now()
    accounts = Account.objects.money().filter(card=card).good_at(moment).order_by("pk")
    steps = Entry.objects.filter(account__in=accounts).select_related("shop", "account").order_by("-pk")
    days = cooling_off_days(card)
    top_ups = TopUp.objects.on(card).standing()[:10]
    context = {
        "card": card,
        "accounts": accounts,
        "terms": StoredValueTerms.objects.prefetch_related("tiers").filter(programme=card.programme).first(),
        "steps": page_of(steps, request),
        "top_ups": [(one, KeyedForm.fresh()) for one in top_ups if may_take_back(one, days, moment)],
        "refunds": Refund.objects.on(card).of_money()[:5],
    }
    return render_page(request, "consumers/money.html", context, fragment="steps")


@allow(GET=signed_in, POST=signed_in)
def close(request: SignedInRequest, token: str) -> HttpResponse:
    """The holder has the card refunded."""

    def owed() -> HttpResponse:
        messages.success(request, _("Done. The shop owes you this sum and sees it in its list."))
        return redirect("consumers:money", token)

    card = my_card(request, token)
    return refund_page(request, card, "consumers/close.html", by=request.user, then=owed)


@allow(POST=signed_in)
def take_back(request: SignedInRequest, token: str, receipt: str) -> HttpResponse:
    """A top-up within its cooling-off period, whole."""
    card, form = my_card(request, token), KeyedForm(request.POST)
    done = get_object_or_404(TopUp.objects.on(card), token=receipt)
    if form.is_valid():
        try:
            actions.take_back_top_up(done, by=request.user, key=form.cleaned_data["key"])
            messages.success(request, _("Taken back. The shop owes you what you paid in."))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("consumers:money", token)
