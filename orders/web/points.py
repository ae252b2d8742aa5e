"""Points for a part of the bill: the counter reckons how many, the customer is asked for just these."""

from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.judging import check_usable, priced
from loyalty.actions import ask_approval
from loyalty.models import Approval, Value
from loyalty.terms import terms_of
from merchants.models import Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from orders.actions import Item
from orders.actions.pricing import price
from orders.finding import Basket, held_by_counter
from orders.web.asked import remember_asked
from orders.web.counter import CARRIED, show
from orders.web.forms import SaleForm
from orders.web.pieces import items_of
from orders.web.till import shops_of
from portal.kernel.access import allow
from portal.kernel.models import User
from portal.kernel.refused import Refused


class NoPointsForThis(Refused):
    sentence = _("This card’s points can pay nothing of this bill.")


@allow(POST=merchant_staff(Role.CASHIER))
def ask_points(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Ask the customer for as many points as the rule allows for the bill that is typed."""
    form = SaleForm(request.POST)
    valid, data = form.is_valid(), form.cleaned_data
    basket = held_by_counter(request.merchant, *(data.get(name, "") for name in CARRIED))
    if not valid or basket.card is None:
        return show(request, basket=basket, form=form, status=422)
    shop = get_object_or_404(shops_of(request.merchant), slug=data["shop"])
    try:
        items = items_of(basket.coupon, shop, data["service"], data["bill"]) or [Item("", data["bill"])]
        approval = _ask(basket, items, key=data["key"], shop=shop, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show(request, basket=basket, form=form, refusal=refusal, status=refusal.status)
    remember_asked(request, approval, data["bill"], data["coupon"])
    answer = redirect("loyalty:approval", merchant, approval.token)
    if getattr(request, "htmx", None):  # it would swap the page into the panel
        return HttpResponse(status=204, headers={"HX-Redirect": answer.headers["Location"]})
    return answer


def _ask(basket: Basket, items: list[Item], *, key: UUID, shop: Shop, by: User) -> Approval:
    moment, card = timezone.now(), basket.card
    points = points_for(basket, items, shop=shop, moment=moment)
    facts = {"key": uuid5(key, f"points asked for: {points}"), "shop": shop, "by": by, "moment": moment}
    return ask_approval(card, points, value=Value.POINTS, **facts)  # type: ignore[arg-type]


def points_for(basket: Basket, items: list[Item], *, shop: Shop, moment: datetime) -> int:
    """The most points that may pay of the bill, after coupon and level. Raises Refused where none may."""
    off, coupon = [], basket.coupon
    if coupon:
        check_usable(coupon, moment=moment, merchant=coupon.programme.merchant, shop=shop)
        off = priced(coupon, [item.line for item in items])
    day = moment.astimezone(ZoneInfo(shop.time_zone)).date()
    terms = terms_of(basket.card, day)  # type: ignore[arg-type]
    alone = basket.coupon_alone
    due = price(items, coupon=off, terms=terms, use_points=True, alone=alone)
    if due.quote is None:
        raise NoPointsForThis
    return due.quote.points
