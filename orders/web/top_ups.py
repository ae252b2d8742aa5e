"""Money onto a card at the counter: the amount, the receipt, the undo."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from loyalty import actions
from loyalty.models import Account, Card, StoredValueTerms, TopUp
from merchants.models import Role
from merchants.undoing import UNDO_WINDOW
from merchants.web.access import MerchantRequest, merchant_staff
from orders.web.forms import TopUpForm, UndoForm
from orders.web.till import till_of
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

cashier = merchant_staff(Role.CASHIER)


@allow(GET=cashier, POST=cashier)
def top_up(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    """What is paid in, by a button for each tier or typed; the bonus comes of itself."""
    card = get_object_or_404(Card.objects.of(request.merchant).in_full(), number=number)
    terms = StoredValueTerms.objects.prefetch_related("tiers").filter(programme=card.programme_id).first()
    form = TopUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("orders:topped_up", merchant, _done(request, card, form).token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "card": card,
        "terms": terms,
        "accounts": Account.objects.money().filter(card=card).order_by("pk"),
        "form": form if form.is_bound else TopUpForm.fresh(),
        "till": till_of(request, request.merchant),
    }
    return render_page(request, "orders/top_up.html", context, status=422 if form.errors else 200)


def _done(request: MerchantRequest, card: Card, form: TopUpForm) -> TopUp:
    till = till_of(request, request.merchant)
    shop = get_object_or_404(request.merchant.shops, slug=till.slug if till else "")
    return actions.top_up(card, shop=shop, by=request.user, **form.cleaned_data)


@allow(GET=cashier)
def topped_up(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    return _show(request, _mine(request, token))


def _mine(request: MerchantRequest, token: str) -> TopUp:
    rows = TopUp.objects.of(request.merchant).select_related("card__programme")
    return get_object_or_404(rows, token=token)


def _show(request: MerchantRequest, done: TopUp, refusal: Refused | None = None) -> HttpResponse:
    lately = done.by_id == request.user.pk and timezone.now() - done.made_at <= UNDO_WINDOW
    context = {
        "done": done,
        "accounts": Account.objects.money().filter(card=done.card_id).order_by("pk"),
        "refusal": refusal,
        "undo": UndoForm.fresh() if lately or request.role.covers(Role.MANAGER) else None,
    }
    return render_page(request, "orders/topped_up.html", context, status=refusal.status if refusal else 200)


@allow(POST=cashier)
def undo(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    done, form = _mine(request, token), UndoForm(request.POST)
    if form.is_valid():
        try:
            data = form.cleaned_data
            actions.undo_top_up(done, by=request.user, reason=data["reason"], key=data["key"])
        except Refused as refusal:
            return _show(request, done, refusal)
    return redirect("orders:topped_up", merchant, token)
