"""Visit passes at the counter: sold with a paper of their own, used a visit or several at a time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from loyalty import actions
from loyalty.models import Approval, Card, PassOffer, Value, VisitPass
from merchants.models import Role, Shop
from merchants.undoing import UNDO_WINDOW
from merchants.web.access import MerchantRequest, merchant_staff
from orders.actions import ring_up_visit
from orders.web.forms import SellForm, UndoForm, VisitForm
from orders.web.till import till_of
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

cashier = merchant_staff(Role.CASHIER)


def passes_of(card: Card | None, approval: Approval | None) -> list[dict[str, Any]]:
    """The passes of the card on the counter that have a visit left, each with the form that uses some."""
    if card is None or not card.has_visits:
        return []
    now, agreed = timezone.now(), approval if approval and approval.value == Value.VISITS else None
    good = VisitPass.objects.on(card).good_at(now)[:10]
    return [_row(held, held.left_at(now), agreed) for held in good]


def _row(held: VisitPass, left: int, agreed: Approval | None) -> dict[str, Any]:
    """``asks``: the holder agrees first, to as many as are chosen here; ``exactly``: agreed to so many."""
    exactly = agreed.amount if agreed and agreed.is_exact and held.offer.needs_pin else None
    start = {"approval": agreed.token if agreed else "", "visits": exactly or 1}
    most = min(left, agreed.amount) if agreed and held.offer.needs_pin else left
    form = VisitForm.fresh(initial=start, most=0 if exactly else most, auto_id=f"visit-{held.pk}-%s")
    asks = held.offer.needs_pin and agreed is None
    return {"one": held, "left": left, "form": form, "asks": asks, "exactly": exactly}


def _shop(request: MerchantRequest) -> Shop:
    till = till_of(request, request.merchant)
    return get_object_or_404(Shop.objects.filter(merchant=request.merchant), slug=till.slug if till else "")


@allow(GET=cashier, POST=cashier)
def sell(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    """A button for each pass on sale."""
    card = get_object_or_404(Card.objects.of(request.merchant).in_full(), number=number)
    form = SellForm(request.POST or None)
    offers = PassOffer.objects.of(card.programme).sold_now().with_scope()
    if request.method == "POST" and form.is_valid():
        offer = get_object_or_404(PassOffer.objects.of(card.programme), pk=form.cleaned_data["offer"])
        facts = {"key": form.cleaned_data["key"], "shop": _shop(request), "by": request.user}
        try:
            sold = actions.sell_pass(card, offer, **facts)
            return redirect("orders:pass_sold", merchant, sold.token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "card": card,
        "offers": [(offer, SellForm.fresh(initial={"offer": offer.pk})) for offer in offers[:20]],
        "errors": form.non_field_errors() if form.is_bound else [],
        "till": till_of(request, request.merchant),
    }
    return render_page(request, "orders/sell_pass.html", context, status=422 if form.errors else 200)


@allow(GET=cashier)
def sold(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    return _show(request, _mine(request, token))


def _mine(request: MerchantRequest, token: str) -> VisitPass:
    return get_object_or_404(VisitPass.objects.of(request.merchant), token=token)


def _show(request: MerchantRequest, done: VisitPass, refusal: Refused | None = None) -> HttpResponse:
    lately = done.by_id == request.user.pk and timezone.now() - done.sold_at <= UNDO_WINDOW
    context = {
        "done": done,
        "refusal": refusal,
        "undo": UndoForm.fresh() if lately or request.role.covers(Role.MANAGER) else None,
        "use": VisitForm.fresh(),
    }
    return render_page(request, "orders/pass_sold.html", context, status=refusal.status if refusal else 200)


@allow(POST=cashier)
def undo(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    done, form = _mine(request, token), UndoForm(request.POST)
    if form.is_valid():
        try:
            actions.undo_pass(done, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            return _show(request, done, refusal)
    return redirect("orders:pass_sold", merchant, token)


@allow(POST=cashier)
def use(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """One visit or several; what was done, and its undoing, is shown as after any sale."""
    held, form = _mine(request, token), VisitForm(request.POST)
    home = reverse("orders:counter", args=[request.merchant.slug])
    if not form.is_valid():
        return redirect(f"{home}?{urlencode({'card': held.card.token})}")
    agreed = Approval.objects.of(request.merchant).filter(token=form.cleaned_data["approval"]).first()
    facts: dict[str, Any] = {"shop": _shop(request), "by": request.user, "approval": agreed}
    facts |= {"key": form.cleaned_data["key"], "visits": form.cleaned_data["visits"]}
    try:
        sale = ring_up_visit(held, **facts)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{home}?{urlencode({'card': held.card.token})}")
    return redirect(f"{home}?{urlencode({'done': sale.token})}")
