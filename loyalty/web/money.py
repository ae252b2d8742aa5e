"""Money on members' cards, in the merchant's hands: the terms, refunds to pay out, what is owed."""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.models import MONEY, Card, Programme, Refund, StoredValueTerms
from loyalty.terms import today_of
from loyalty.value import liability, owing
from loyalty.value.prepaid import merchant_cap, profile
from loyalty.web.money_forms import ClosingForm, PayOutForm, TermsForm
from loyalty.web.refunding import refund_page
from merchants.models import Merchant, Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.money import format_money
from portal.kernel.refused import Refused
from portal.kernel.sheets import csv_lines
from portal.kernel.web import page_of, render_page

manager, owner = merchant_staff(Role.MANAGER), merchant_staff(Role.OWNER)


def _programme(request: MerchantRequest) -> Programme:
    return get_object_or_404(Programme.objects.of(request.merchant.pk).select_related("stored_value"))


def _terms(programme: Programme) -> StoredValueTerms:
    return getattr(programme, "stored_value", None) or StoredValueTerms(programme=programme)


@allow(GET=owner, POST=owner)
def terms(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Whether cards take money, the bonus tiers, what a payment takes first."""
    programme = _programme(request)
    form = TermsForm.of(_terms(programme), request.POST or None, preset=request.GET.get("preset", ""))
    if request.method == "POST" and form.is_valid():
        actions.offer_stored_value(programme, by=request.user, tiers=form.tiers(), **form.terms())
        messages.success(request, _("Saved. It holds for top-ups from now on."))
        return redirect("loyalty:money", merchant)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "terms": _terms(programme), "law": profile(), "closing": ClosingForm()}
    return render_page(request, "loyalty/money.html", context, fragment="terms", status=status)


@allow(POST=owner)
def closing(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Announce the last day, or call it off."""
    programme, form = _programme(request), ClosingForm(request.POST)
    try:
        if "stay" in request.POST:
            actions.call_off_closing(programme, by=request.user)
        elif form.is_valid():
            day, today = form.cleaned_data["last_day"], today_of(request.merchant)
            actions.announce_closing(programme, by=request.user, last_day=day, today=today)
            messages.success(request, _("Announced. Everybody with money on a card is told."))
        else:
            messages.error(request, _("Choose the last day."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("loyalty:money", merchant)


@allow(GET=manager, POST=manager)
def refund(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    """The shop refunds a card for its holder."""
    card = get_object_or_404(Card.objects.of(request.merchant).in_full(), number=number)
    then = partial(redirect, "loyalty:refunds", merchant)
    return refund_page(request, card, "loyalty/refund.html", by=request.user, then=then)


@allow(GET=manager)
def refunds(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What is to be paid out, the oldest first, and what was paid out lately."""
    return _refunds(request)


def _refunds(request: MerchantRequest, errors: list[str] | None = None) -> HttpResponse:
    mine = Refund.objects.of(request.merchant)
    due = page_of(mine.due(), request)
    context = {
        "due": [(refund, PayOutForm(auto_id=f"{refund.pk}_%s")) for refund in due],
        "page": due,
        "paid": mine.exclude(paid_at=None).select_related("paid_by").order_by("-paid_at")[:20],
        "errors": errors or [],
    }
    status = 422 if errors else 200
    return render_page(request, "loyalty/refunds.html", context, fragment="refunds", status=status)


@allow(POST=manager)
def pay_out(request: MerchantRequest, merchant: str, refund: int) -> HttpResponse:
    due, form = get_object_or_404(Refund.objects.of(request.merchant), pk=refund), PayOutForm(request.POST)
    if not form.is_valid():
        return _refunds(request, [_("Say how it was paid: cash, a transfer …")])
    try:
        actions.pay_out(due, by=request.user, how=form.cleaned_data["how"])
    except Refused as refusal:
        return _refunds(request, [str(refusal)])
    messages.success(request, _("Written down. The customer is told."))
    return redirect("loyalty:refunds", merchant)


@allow(GET=manager)
def owed(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What the shop owes the holders of its cards, and how it came about."""
    programme = Programme.objects.of(request.merchant.pk).select_related("stored_value").first()
    owed = liability.owed_by(request.merchant)
    cap = merchant_cap(_terms(programme)) if programme else None
    context: dict[str, Any] = {
        "owed": owed,
        "cap": cap,
        "room": None if cap is None else cap - owed.ahead,
        "months": liability.by_month(request.merchant, ZoneInfo(request.merchant.zone)),
        "holders": Card.objects.of(request.merchant).richest()[:20],
        "terms": programme and _terms(programme),
        **_by_expiry(request.merchant, timezone.now()),
    }
    return render_page(request, "loyalty/liability.html", context)


def _by_expiry(merchant: Merchant, moment: datetime) -> dict[str, Any]:
    """By month, by shop where there are several, and what lapsed already."""
    parts = owing.parts_of(merchant, moment)
    shops = owing.by_shop(parts, merchant)
    return {
        "expiry": owing.by_expiry(parts, moment, ZoneInfo(merchant.zone)),
        "total": owing.total(parts),
        "shops": shops if len(shops) > 1 else [],
        "lapsed": owing.lapsed(merchant, moment),
    }


@allow(GET=manager)
def owed_file(request: MerchantRequest, merchant: str) -> HttpResponse:
    """All of it, a line for each kind, month and shop; sums alone, no person."""
    names = {shop.pk: shop.title for shop in Shop.objects.of(request.merchant)}
    head = [_("Kind"), _("Lapses in"), _("Shop"), _("Amount"), _("Worth")]
    parts = sorted(owing.parts_of(request.merchant, timezone.now()), key=owing.in_order)
    rows = (
        [
            str(part.kind.label),
            owing.said_month(part.month) if part.month else "",
            names.get(part.shop or 0, ""),
            format_money(part.amount, exact=True) if part.kind in MONEY else part.amount,
            "" if part.worth is None else format_money(part.worth, exact=True),
        ]
        for part in parts
    )
    response = HttpResponse("".join(csv_lines(head, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="owed.csv"'
    response["Cache-Control"] = "no-store, private"
    return response
