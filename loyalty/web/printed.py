"""Printed cards in the merchant's hands: batches, sheets, orders, and whose each card becomes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.look.batches import counted, sheets_job
from loyalty.look.designing import first_version
from loyalty.models import Card, CardMedium, PrintBatch
from loyalty.web.print_forms import BatchForm, LinkForm, OrderForm
from merchants.models import Role
from merchants.models.print_order import OrderState
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)
cashier = merchant_staff(Role.CASHIER)


@allow(GET=manager, POST=manager)
def batches(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Every batch so far, and the form for a new one."""
    form = BatchForm(request.POST) if request.method == "POST" else BatchForm.fresh()
    if form.is_valid():
        try:
            made = actions.make_batch(request.merchant, by=request.user, **form.cleaned_data)
            return redirect("loyalty:print_batch", merchant, made.token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    rows = page_of(PrintBatch.objects.of(request.merchant), request)
    context = {"form": form, "batches": rows, "look": first_version(request.merchant)}
    status = 422 if form.is_bound else 200
    return render_page(request, "loyalty/print_batches.html", context, fragment="batches", status=status)


def _batch(request: MerchantRequest, token: str) -> PrintBatch:
    return get_object_or_404(PrintBatch.objects.of(request.merchant), token=token)


@allow(GET=manager)
def batch(request: MerchantRequest, merchant: str, batch: str) -> HttpResponse:
    """One batch: its sheets, its order, how many are in use."""
    return _show(request, _batch(request, batch), OrderForm())


def _show(request: MerchantRequest, found: PrintBatch, form: OrderForm) -> HttpResponse:
    context: dict[str, Any] = {
        "batch": found,
        "order": getattr(found, "order", None),
        "form": form,
        "counts": counted(found),
        "look": first_version(request.merchant),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "loyalty/print_batch.html", context, status=status)


@allow(POST=manager)
def sheets(request: MerchantRequest, merchant: str, batch: str) -> HttpResponse:
    """Make the PDF; the page of the job says how far it is."""
    job = sheets_job(_batch(request, batch), by=request.user)
    return redirect("kernel:job", job.token)


@allow(POST=manager)
def order(request: MerchantRequest, merchant: str, batch: str) -> HttpResponse:
    """Ask the platform to print and send the batch."""
    found, form = _batch(request, batch), OrderForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    actions.ask_for_print(found, by=request.user, **form.cleaned_data)
    messages.success(request, _("Asked for. We tell you when it goes into print."))
    return redirect("loyalty:print_batch", merchant, batch)


@allow(POST=manager)
def received(request: MerchantRequest, merchant: str, batch: str) -> HttpResponse:
    """The parcel is here."""
    found = _batch(request, batch)
    try:
        if placed := getattr(found, "order", None):
            actions.move_order(placed, OrderState.RECEIVED, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("loyalty:print_batch", merchant, batch)


@allow(GET=cashier, POST=cashier)
def link(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Give a printed card to somebody: from now on it stands for their member card."""
    form = LinkForm(request.POST) if request.method == "POST" else LinkForm(initial=_asked(request))
    if form.is_valid():
        try:
            linked = _link(request, **form.cleaned_data)
            said = _("%(number)s now belongs to %(name)s.")
            name = linked.card.customer.says() if linked.card else ""
            messages.success(request, said % {"number": linked.number_in_groups, "name": name})
            return redirect("loyalty:link", merchant)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return render_page(request, "loyalty/link.html", {"form": form}, fragment="link", status=status)


def _asked(request: MerchantRequest) -> dict[str, str]:
    return {"number": request.GET.get("number", "")[:20]}


def _link(request: MerchantRequest, *, number: str, phone: str | None, card: str) -> CardMedium:
    media = CardMedium.objects.naming(request.merchant, number).select_related("merchant")
    if (medium := media.first()) is None:
        raise actions.UnknownPrintedCard
    if phone:
        return actions.link_to_phone(medium, phone, by=request.user)
    holder = Card.objects.of(request.merchant).filter(number=card).first()
    if holder is None:
        raise actions.UnknownMemberCard
    return actions.link_medium(medium, holder, by=request.user)


@allow(POST=manager)
def revoke(request: MerchantRequest, merchant: str, number: str, medium: int) -> HttpResponse:
    """A printed card or a pass works nowhere any more; the member card stays."""
    card = get_object_or_404(Card.objects.of(request.merchant), number=number)
    actions.revoke_medium(get_object_or_404(CardMedium.objects.of(card), pk=medium), by=request.user)
    messages.success(request, _("Revoked. The member card itself still works."))
    return redirect("loyalty:card", merchant, number)
