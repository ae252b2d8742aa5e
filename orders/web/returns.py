"""Goods that came back without their receipt, noted by a manager at the counter."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from orders import actions
from orders.finding import Basket, held_by_counter
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
    basket, till = (
        held_by_counter(request.merchant, request.GET.get("card", "")[:20], ""),
        till_of(request, request.merchant),
    )
    start = {"card": basket.card.token if basket.card else "", "shop": till.slug if till else ""}
    return _show(request, basket, ReturnForm.fresh(initial=start))


def _take_back(request: MerchantRequest, merchant: str) -> HttpResponse:
    form = ReturnForm(request.POST)
    valid = form.is_valid()
    data = form.cleaned_data
    basket = held_by_counter(request.merchant, data.get("card", ""), "")
    if not valid:
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
