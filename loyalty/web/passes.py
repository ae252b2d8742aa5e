"""Visit passes in the console: what is sold, what lies on cards, refunds, the list as a file."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.models import PassOffer, Programme, VisitPass
from loyalty.web.pass_forms import PASSES, ChangePassForm, PassOfferForm
from loyalty.web.refunding import refund_pass_page
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.money import format_money
from portal.kernel.refused import Refused
from portal.kernel.sheets import csv_lines
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)


@allow(GET=manager, POST=manager)
def passes(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The passes that are sold, those that lie on cards, and a new one."""
    programme = Programme.objects.of(request.merchant.pk).first()
    if programme is None:
        return redirect("loyalty:settings", merchant)
    chosen = request.GET.get("preset", "")
    start = {name: value for name, value in PASSES.get(chosen, {}).items() if name != "label"}
    fresh = PassOfferForm.fresh(initial=start, merchant=request.merchant)
    form = PassOfferForm(request.POST, merchant=request.merchant) if request.POST else fresh
    if request.POST and form.is_valid():
        try:
            actions.offer_pass(programme, by=request.user, **form.terms())
            messages.success(request, _("The pass is on sale at your counters."))
            return redirect("loyalty:passes", merchant)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "chosen": chosen, **_lists(request, programme)}
    return render_page(request, "loyalty/passes.html", context, status=422 if form.errors else 200)


def _lists(request: MerchantRequest, programme: Programme) -> dict[str, Any]:
    standing = Count("passes", filter=Q(passes__lot__remaining__gt=0))
    offers = PassOffer.objects.of(programme).annotate(standing=standing)[:50]
    standing_ones = VisitPass.objects.of(request.merchant).filter(undone_at=None)
    sold = page_of(standing_ones, request, newest_by="sold_at")
    return {
        "presets": [(name, preset["label"]) for name, preset in PASSES.items()],
        "offers": [(offer, ChangePassForm.fresh()) for offer in offers],
        "sold": _with_left(sold),
        "page": sold,
        "owns": request.role.covers(Role.OWNER),
    }


def _with_left(rows: Iterable[VisitPass]) -> list[tuple[VisitPass, int]]:
    now = timezone.now()
    return [(one, one.left_at(now)) for one in rows]


@allow(POST=manager)
def change_pass(request: MerchantRequest, merchant: str, offer: int) -> HttpResponse:
    """Sold or not, online or not; passes that were sold stay good."""
    found = get_object_or_404(PassOffer.objects.filter(merchant=request.merchant), pk=offer)
    form = ChangePassForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        actions.change_pass(found, by=request.user, **{data["what"]: data["on"]})
    return redirect("loyalty:passes", merchant)


@allow(GET=manager, POST=manager)
def refund_pass(request: MerchantRequest, merchant: str, number: str, token: str) -> HttpResponse:
    """The shop refunds a pass for its holder."""
    held = get_object_or_404(VisitPass.objects.of(request.merchant), token=token, card__number=number)
    then = partial(redirect, "loyalty:refunds", merchant)
    return refund_pass_page(request, held, "loyalty/refund_pass.html", by=request.user, then=then)


@allow(GET=merchant_staff(Role.OWNER))
def passes_file(request: MerchantRequest, merchant: str) -> StreamingHttpResponse:
    """Every pass that was sold, sent while it is read. The owner's alone, and put on record."""
    actions.note_export(request.merchant, by=request.user, asked="passes")
    head = [
        _("Sold"),
        _("Card number"),
        _("Pass"),
        _("Visits"),
        _("Left"),
        _("Good until"),
        _("Paid"),
        _("Not yet earned"),
        _("Shop"),
    ]
    sold = VisitPass.objects.of(request.merchant).filter(undone_at=None).order_by("pk")
    rows = (_line(one) for one in sold.iterator(chunk_size=500))
    response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="passes.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _line(one: VisitPass) -> list[Any]:
    until, left = one.last_moment, one.left_at(timezone.now())
    return [
        timezone.localtime(one.sold_at).strftime("%Y-%m-%d"),
        one.card.number,
        one.title,
        one.visits,
        left,
        timezone.localtime(until).strftime("%Y-%m-%d") if until else "",
        format_money(one.paid),
        format_money(one.unearned if left else 0),
        one.shop.title,
    ]
