"""The counter: scan, amount, done. Every step is a page of its own; scripts only make it faster."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from coupons.actions import check_usable
from coupons.models import Coupon
from loyalty.models import Card, Value
from loyalty.terms import Terms, terms_today
from loyalty.web.forms import EnrolForm
from merchants.models import Merchant, Role, Service
from merchants.undoing import UNDO_WINDOW
from merchants.web.access import MerchantRequest, merchant_staff
from orders import actions, finding
from orders.finding import Basket, TooManyWrong, UnknownCode
from orders.models import Purchase, Return
from orders.web.asked import bill_asked_for, forget_asked, with_what_was_asked
from orders.web.forms import LookUpForm, SaleForm, UndoForm
from orders.web.passes import passes_of
from orders.web.pieces import items_of, pieces_of
from orders.web.till import shops_of, till_of
from orders.web.walk_ins import newcomer_form
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import client_address, render_page

cashier = merchant_staff(Role.CASHIER)
PAGE = "orders/counter.html"
CARRIED = ("card", "coupon", "approval", "proof")


@allow(GET=cashier)
def counter(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What a scan or typing found, what was just rung up, or the till listening."""
    form = LookUpForm(request.GET)
    form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in form.fields}
    if asked["done"]:
        return show(request, done=_done(request.merchant, asked["done"]))
    return _look_up(request, asked)


@allow(POST=cashier)
def find(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The same for what was scanned or typed: sent as a form, so no phone number stands in an address."""
    form = LookUpForm(request.POST)
    form.is_valid()
    return _look_up(request, {name: form.cleaned_data.get(name, "") for name in form.fields})


def _look_up(request: MerchantRequest, asked: dict[str, str]) -> HttpResponse:
    held = finding.held_by_counter(request.merchant, *(asked[name] for name in CARRIED))
    if not asked["code"]:
        return show(request, basket=held)
    moment, address = timezone.now(), client_address(request)
    facts: dict[str, Any] = {"by": request.user, "moment": moment, "held": held, "address": address}
    try:
        basket = finding.find(request.merchant, asked["code"], **facts)
    except Refused as refusal:
        if isinstance(refusal, UnknownCode):
            actions.note_wrong_code(request.merchant, by=request.user, moment=moment)
        if isinstance(refusal, (UnknownCode, TooManyWrong)):
            actions.watch_for_guessing(request.merchant, address=address)
        newcomer = newcomer_form(request.merchant, asked["code"], refusal)
        return show(request, basket=held, refusal=refusal, newcomer=newcomer, status=refusal.status)
    return show(request, basket=with_what_was_asked(request, basket))


@allow(POST=cashier)
def ring(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Ring up what lies on the counter."""
    form = SaleForm(request.POST)
    valid = form.is_valid()
    data = form.cleaned_data
    basket = finding.held_by_counter(request.merchant, *(data.get(name, "") for name in CARRIED))
    if not valid or not basket:
        return show(request, basket=basket, form=form, status=422)
    shop = get_object_or_404(shops_of(request.merchant), slug=data["shop"])
    try:
        sale = actions.ring_up(
            merchant=request.merchant,
            shop=shop,
            bill=data["bill"],
            key=data["key"],
            by=request.user,
            card=basket.card,
            coupon=basket.coupon,
            items=items_of(basket.coupon, shop, data["service"], data["bill"]),
            use_points=data["use_points"],
            approval=basket.approval,
            proof=basket.proof,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show(request, basket=basket, form=form, refusal=refusal, status=refusal.status)
    forget_asked(request, basket)
    return redirect(f"{_home(request)}?{urlencode({'done': sale.token})}")


@allow(GET=cashier)
def activity(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What was done lately: one's own, or everybody's for a manager, with what can still be undone."""
    return render_page(request, "orders/activity.html", _activity(request), fragment="activity")


@allow(POST=cashier)
def undo(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    sale = get_object_or_404(Purchase.objects.of(request.merchant), token=token)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return render_page(
            request, "orders/activity.html", _activity(request), fragment="activity", status=422
        )
    try:
        actions.undo(sale, by=request.user, reason=form.cleaned_data["reason"], key=form.cleaned_data["key"])
    except Refused as refusal:
        context = _activity(request) | {"refusal": refusal}
        return render_page(
            request, "orders/activity.html", context, fragment="activity", status=refusal.status
        )
    return redirect("orders:activity", request.merchant.slug)


def _home(request: MerchantRequest) -> str:
    return reverse("orders:counter", args=[request.merchant.slug])


def _done(merchant: Merchant, token: str) -> Purchase:
    return get_object_or_404(Purchase.objects.of(merchant).in_full().with_balance(), token=token)


def show(
    request: MerchantRequest,
    *,
    basket: Basket | None = None,
    form: SaleForm | None = None,
    refusal: Refused | None = None,
    newcomer: EnrolForm | None = None,
    done: Purchase | None = None,
    status: int = 200,
) -> HttpResponse:
    till, basket = till_of(request, request.merchant), basket or Basket()
    verdict = refusal
    if basket.coupon and not verdict:
        verdict = _verdict(basket.coupon, request, till.slug if till else "", timezone.now())
    services = pieces_of(basket.coupon, till.slug if till else "")
    context = {
        "till": till,
        "shops": shops_of(request.merchant) if till and till.several else (),
        "basket": basket,
        "terms": _terms(basket.card),
        "passes": passes_of(basket.card, basket.approval),
        "refusal": verdict,
        "services": services,
        "newcomer": newcomer,
        "done": done,
        "form": form or _sale_form(request, basket, till.slug if till else "", services),
        "lookup": LookUpForm(initial=_carried(basket)),
        "undo_form": UndoForm.fresh() if done else None,
        "manages": request.role.covers(Role.MANAGER),
    }
    response = render_page(request, PAGE, context, fragment="panel", status=status)
    if done:
        response["HX-Trigger"] = "sale"  # the list of what was rung up looks again
    return response


def _verdict(coupon: Coupon, request: MerchantRequest, slug: str, moment: datetime) -> Refused | None:
    """Judged at this till's own shop where the terms ask for place or time."""
    terms = coupon.terms
    bound = terms.shops or terms.weekdays or terms.opens or terms.has_blackouts
    shop = shops_of(request.merchant).filter(slug=slug).first() if bound else None
    try:
        check_usable(coupon, moment=moment, merchant=request.merchant, shop=shop)
    except Refused as refusal:
        return refusal
    return None


def _terms(card: Card | None) -> Terms | None:
    return terms_today(card) if card else None


def _token(thing: Any) -> str:
    return thing.token if thing else ""


def _sale_form(request: MerchantRequest, basket: Basket, shop: str, services: list[Service]) -> SaleForm:
    asked = basket.approval
    bill = {"bill": asked.amount} if asked and asked.is_exact and asked.value == Value.MONEY else {}
    bill |= bill_asked_for(request, basket)
    if len(services) == 1 and not bill:  # most often it is all that was bought
        bill = {"bill": services[0].price}
    return SaleForm.fresh(initial={"shop": shop} | bill | _carried(basket))


def _carried(basket: Basket) -> dict[str, str]:
    """What lies on the counter, as the page's forms carry it along."""
    things = {"card": basket.card, "coupon": basket.coupon, "approval": basket.approval}
    return {name: _token(thing) for name, thing in things.items()} | {"proof": basket.proof}


def _activity(request: MerchantRequest) -> dict[str, Any]:
    moment = timezone.now()
    since = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    sales = Purchase.objects.of(request.merchant).in_full().rung_up_since(since)
    returns = Return.objects.of(request.merchant).in_full().taken_since(since)
    manages = request.role.covers(Role.MANAGER)
    if not manages:
        sales, returns = sales.filter(by=request.user), returns.filter(by=request.user)
    rows: list[tuple[Purchase | Return, UndoForm | None]] = [
        (sale, UndoForm.fresh() if manages or moment - sale.made_at <= UNDO_WINDOW else None)
        for sale in sales[:30]
    ]
    rows += [(taken, None) for taken in returns[:30]]
    rows.sort(key=lambda row: row[0].made_at, reverse=True)
    return {"rows": rows[:30], "manages": manages}
