"""Goods that came back, noted by a manager at the counter."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.models import Basis
from loyalty.terms import terms_today
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from orders import actions
from orders.finding import Basket, held_by_counter
from orders.returning import returnable
from orders.web.forms import ReturnForm
from orders.web.till import shops_of, till_of
from portal.kernel.access import allow
from portal.kernel.money import format_money
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)


@allow(GET=manager, POST=manager)
def take_back(request: MerchantRequest, merchant: str) -> HttpResponse:
    """For the card that lies on the counter, or for somebody without one."""
    if request.method == "POST":
        return _take_back(request, merchant)
    basket = held_by_counter(request.merchant, request.GET.get("card", "")[:20], "")
    till, choices = till_of(request, request.merchant), _choices(basket)
    lines: Any = choices.get("lines")
    start = {
        "card": basket.card.token if basket.card else "",
        "shop": till.slug if till else "",
        "line": str(lines[0].pk) if lines else "",
    }
    return _show(request, basket, ReturnForm.fresh(initial=start, **choices))


def _choices(basket: Basket, typed: str = "") -> dict[str, Any]:
    """The sales that something may come back of; pieces are asked for where they earn."""
    if basket.card is None:
        return {}
    chosen = int(typed) if typed.isdecimal() and len(typed) < 18 else None
    terms = terms_today(basket.card)
    lines = returnable(basket.card, timezone.now(), chosen=chosen)
    return {"lines": lines, "by_piece": terms.facts["basis"] == Basis.ITEM}


def _take_back(request: MerchantRequest, merchant: str) -> HttpResponse:
    basket = held_by_counter(request.merchant, request.POST.get("card", "")[:20], "")
    form = ReturnForm(request.POST, **_choices(basket, request.POST.get("line", "")))
    data = form.cleaned_data if form.is_valid() else {}
    if not data:
        return _show(request, basket, form, status=422)
    shop = get_object_or_404(shops_of(request.merchant), slug=data.pop("shop"))
    data["card"] = basket.card
    try:
        taken = actions.take_back_goods(merchant=request.merchant, shop=shop, by=request.user, **data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, basket, form, status=refusal.status)
    said = {"amount": format_money(taken.amount), "points": taken.points}
    messages.success(request, _("%(amount)s paid back, points taken back: %(points)d.") % said)
    return redirect("orders:activity", merchant)


def _show(request: MerchantRequest, basket: Basket, form: ReturnForm, status: int = 200) -> HttpResponse:
    context = {"basket": basket, "form": form, "till": till_of(request, request.merchant)}
    return render_page(request, "orders/take_back.html", context, status=status)
