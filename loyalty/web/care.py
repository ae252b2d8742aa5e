"""One member's card in the merchant's hands: what it holds and why, and what is done about it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.models import MONEY, Account, Card, Lot, ValueKind, VisitPass
from loyalty.value.statement import page_of_statement
from loyalty.web.forms import AdjustForm, FreezeForm, ReplaceForm
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)


def _card(request: MerchantRequest, number: str) -> Card:
    cards = (
        Card.objects.of(request.merchant)
        .in_full()
        .with_passes()
        .select_related("brought", "merged_away__kept")
    )
    return get_object_or_404(cards, number=number)


@allow(GET=manager)
def card(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    return _show(request, _card(request, number))


def _show(request: MerchantRequest, card: Card, form: AdjustForm | None = None) -> HttpResponse:
    now = timezone.now()
    accounts = {one.kind: one for one in Account.objects.filter(card=card).good_at(now).order_by("pk")}
    statement = page_of_statement(accounts[ValueKind.POINTS], request.GET.get("before", ""))
    context = {
        "card": card,
        "statement": statement,
        "waiting": Lot.objects.waiting(accounts[ValueKind.POINTS], now)[:20],
        "form": form or AdjustForm.fresh(),
        "accounts": [one for kind, one in accounts.items() if kind in MONEY],
        "passes": _passes(card, accounts, now),
        "retired": card.retired_codes.order_by("-pk"),
    }
    status = 422 if form and form.errors else 200
    return render_page(request, "loyalty/card.html", context, fragment="statement", status=status)


def _passes(card: Card, accounts: dict[str, Account], now: datetime) -> list[tuple[VisitPass, int]]:
    """Asked for only where the card ever held visits."""
    held = VisitPass.objects.on(card)[:20] if ValueKind.VISITS in accounts else ()
    return [(one, one.left_at(now)) for one in held]


@allow(POST=manager)
def adjust(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    found, form = _card(request, number), AdjustForm(request.POST)
    if form.is_valid():
        try:
            actions.adjust(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Done. The customer is told."))
            return redirect("loyalty:card", merchant, number)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _show(request, found, form)


@allow(POST=manager)
def freeze(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    form = FreezeForm(request.POST)
    because = form.cleaned_data["because"] if form.is_valid() else ""
    return _do(request, number, lambda card: actions.freeze(card, by=request.user, because=because))


@allow(POST=manager)
def release(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    return _do(request, number, lambda card: actions.release(card, by=request.user))


@allow(POST=manager)
def replace(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    """``number`` may be the retired one: the same form sent twice comes here with it again."""
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        return redirect("loyalty:card", merchant, number)
    card = get_object_or_404(Card.objects.of(request.merchant).in_full().once_numbered(number))
    return _do(request, card.number, lambda card: actions.replace(card, by=request.user, instead_of=number))


def _do(request: MerchantRequest, number: str, verb: Callable[[Card], Any]) -> HttpResponse:
    found = _card(request, number)
    try:
        found = verb(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("loyalty:card", request.merchant.slug, found.number)
