"""A merchant's segments and lists: what there is, a new one counted before it is saved, one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import bring_back, put_away, put_on_list, save_segment, take_off
from crm.models import Segment
from crm.results.outcomes import few
from crm.rules import matching, read_rules, says
from crm.segments import members, moves_of, segments_of, size_of
from crm.web.granting import chosen_of, hidden_of
from crm.web.segment_forms import ListForm, MarkedForm, SegmentForm
from merchants.models import Merchant, Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)


@allow(GET=manager)
def segments(request: MerchantRequest, merchant: str) -> HttpResponse:
    gone = Segment.objects.of(request.merchant).exclude(put_away_at=None)
    context = {
        "rows": [(one, few(one.size)) for one in segments_of(request.merchant)],
        "away": gone.order_by("-put_away_at", "-pk")[:50],
    }
    return render_page(request, "crm/segments.html", context)


@allow(GET=manager, POST=manager)
def new(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Counting is a button of the form; saving is the other."""
    if request.method == "GET":
        form = SegmentForm.fresh(merchant=request.merchant, initial=_preset(request))
        return _form_page(request, form)
    form = SegmentForm(request.POST, merchant=request.merchant)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        rules = form.rules().checked()
        if "count" in request.POST:
            return _form_page(request, form, preview=_preview(request.merchant, rules))
        facts = {"name": form.cleaned_data["name"], "rules": rules, "key": form.cleaned_data["key"]}
        made = save_segment(request.merchant, by=request.user, **facts)
        messages.success(request, _("Saved. It is counted anew each night and whenever it is used."))
        return redirect("crm:segment", merchant, made.token)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return _form_page(request, form, status=422)


def _form_page(
    request: MerchantRequest, form: SegmentForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render_page(request, "crm/new_segment.html", {"form": form} | more, status=status)


def _preset(request: MerchantRequest) -> dict[str, Any]:
    """A start that only has to be saved."""
    return {
        "regulars": {"name": _("Regulars who stay away"), "visits_from": 4, "away_for": 60},
        "new": {"name": _("New lately"), "visits_from": 1, "visits_to": 1, "seen_within": 30},
        "spenders": {"name": _("Spend most"), "spent_from": 100_000, "seen_within": 365},
    }.get(request.GET.get("start", ""), {})


def _preview(merchant: Merchant, rules: Any) -> dict[str, Any]:
    size = size_of(matching(merchant, rules, timezone.now()))
    return {"rules": says(merchant, rules), "all": few(size.all), "reachable": few(size.reachable)}


@allow(GET=manager)
def segment(request: MerchantRequest, merchant: str, segment: str) -> HttpResponse:
    """Of a list, who is on it; of rules, numbers: a distance or a birthday could be read off names."""
    ours, moment = _ours(request, segment), timezone.now()
    size, moves = size_of(members(ours, moment)), moves_of(ours, moment)
    context: dict[str, Any] = {
        "segment": ours,
        "rules": [] if ours.is_list else says(request.merchant, read_rules(ours.rules)),
        "numbers": {name: few(n) for name, n in (vars(size) | vars(moves)).items()},
    }
    if ours.is_list:
        context["page"] = page_of(members(ours, moment), request, size=50, newest_by="last_visit_at")
    return render_page(request, "crm/segment.html", context)


@allow(POST=manager)
def away(request: MerchantRequest, merchant: str, segment: str) -> HttpResponse:
    put_away(_ours(request, segment), by=request.user)
    messages.success(request, _("Put away. You can bring it back below."))
    return redirect("crm:segments", merchant)


@allow(POST=manager)
def back(request: MerchantRequest, merchant: str, segment: str) -> HttpResponse:
    ours = _ours(request, segment)
    try:
        bring_back(ours, by=request.user)
        messages.success(request, _("It is back."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("crm:segment", merchant, ours.token)


@allow(GET=manager, POST=manager)
def mark(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Customers chosen on the roster go onto a list."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_of(request, asked)
    form = ListForm.fresh(merchant=request.merchant)
    if request.method == "POST":
        form = ListForm(request.POST, merchant=request.merchant)
        if form.is_valid():
            try:
                kept = put_on_list(request.merchant, chosen, by=request.user, **form.cleaned_data)
                messages.success(request, _("They are on the list."))
                return redirect("crm:segment", merchant, kept.token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "hidden": hidden_of(asked), "number": chosen.count()}
    return render_page(request, "crm/mark.html", context, status=422 if form.errors else 200)


@allow(POST=manager)
def unmark(request: MerchantRequest, merchant: str, segment: str) -> HttpResponse:
    ours, form = _ours(request, segment), MarkedForm(request.POST)
    if form.is_valid() and take_off(ours, [form.cleaned_data["customer"]], by=request.user):
        messages.success(request, _("Taken off the list."))
    return redirect("crm:segment", merchant, segment)


def _ours(request: MerchantRequest, token: str) -> Segment:
    return get_object_or_404(Segment.objects.of(request.merchant).select_related("merchant"), token=token)
