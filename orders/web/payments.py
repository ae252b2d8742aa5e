"""Paying online: what for, the way to the provider, the way back, and the provider's notices."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from loyalty.models import Card, PassOffer, StoredValueTerms
from orders import actions
from orders.actions.payments import NoOnlineSale
from orders.gateways import Forged, gateway, named
from orders.gateways.simulated import Simulated, notice_of
from orders.models import Payment
from orders.online import booked_at, passes_for
from orders.web.forms import SellForm, TopUpForm
from portal.kernel.access import SignedInRequest, allow, anyone, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

MOST_BYTES = 10_000


@allow(GET=signed_in, POST=signed_in)
def top_up(request: SignedInRequest, token: str) -> HttpResponse:
    """Choose how much; the provider takes it from here."""
    card = get_object_or_404(Card.objects.held_by(request.user).in_full(), token=token)
    terms = StoredValueTerms.objects.prefetch_related("tiers").filter(programme=card.programme_id).first()
    form = TopUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payment = _begun(request, card, form.cleaned_data)
            return redirect("orders:payment", payment.token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "card": card,
        "terms": terms,
        "online": gateway() is not None,
        "form": form if form.is_bound else TopUpForm.fresh(),
    }
    return render_page(request, "orders/top_up_online.html", context, status=422 if form.errors else 200)


def _begun(request: SignedInRequest, card: Card, filled: dict[str, Any]) -> Payment:
    if (shop := booked_at(card)) is None:
        raise actions.NoOnlinePayment
    return actions.begin_top_up(card, filled["paid"], key=filled["key"], shop=shop, by=request.user)


@allow(GET=signed_in, POST=signed_in)
def buy_pass(request: SignedInRequest, token: str) -> HttpResponse:
    """Choose a visit pass; the provider takes it from here."""
    card = get_object_or_404(Card.objects.held_by(request.user).in_full(), token=token)
    form = SellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        offer = get_object_or_404(PassOffer.objects.of(card.programme), pk=form.cleaned_data["offer"])
        try:
            return redirect("orders:payment", _bought(request, card, offer, form.cleaned_data["key"]).token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    offers = passes_for(card).with_scope()[:20]
    context = {
        "card": card,
        "offers": [(offer, SellForm.fresh(initial={"offer": offer.pk})) for offer in offers],
        "errors": form.non_field_errors() if form.is_bound else [],
    }
    return render_page(request, "orders/buy_pass.html", context, status=422 if form.errors else 200)


def _bought(request: SignedInRequest, card: Card, offer: PassOffer, key: UUID) -> Payment:
    if (shop := booked_at(card, offer)) is None:
        raise NoOnlineSale
    return actions.begin_pass(card, offer, key=key, shop=shop, by=request.user)


@allow(GET=signed_in)
def payment(request: SignedInRequest, token: str) -> HttpResponse:
    """Where a payment stands. The page changes nothing: only the provider's word does."""
    mine = get_object_or_404(Payment.objects.of_person(request.user), token=token)
    provider = named(mine.gateway)
    way = provider.begin(mine) if provider and mine.is_open else ""
    return render_page(request, "orders/payment.html", {"payment": mine, "way": way}, fragment="state")


@allow(GET=signed_in, POST=signed_in)
def simulated_cashier(request: SignedInRequest, token: str) -> HttpResponse:
    """The simulated provider's page: pay or refuse. It sends its notice as a real one would."""
    if gateway() is None:
        raise Http404
    mine = get_object_or_404(Payment.objects.of_person(request.user), token=token, gateway=Simulated.name)
    if request.method == "POST":
        paid = request.POST.get("do") == "pay"
        decided = actions.decide_simulated(mine, paid=paid)
        body, headers = notice_of(mine, paid=decided)
        actions.hear(Simulated(), Simulated().read(body, headers), moment=timezone.now())
        return redirect("orders:payment", token)
    return render_page(request, "orders/simulated_cashier.html", {"payment": mine})


@allow(POST=anyone)
@csrf_exempt  # a provider posts without having seen a page; its signature says who it is
def notice(request: HttpRequest, gateway: str) -> HttpResponse:
    """A provider's notice: 200 when it was heard, believed or not; 400 when it is forged."""
    provider = named(gateway)
    if provider is None:
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        said = provider.read(request.body, request.headers)
    except Forged:
        return HttpResponse(status=400)
    actions.hear(provider, said)
    return HttpResponse(status=200)
