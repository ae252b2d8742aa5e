"""The merchant's member card: what it is called, what it looks like, what it gives; and who has one."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.cards.enrolling import count_walk_in
from loyalty.cards.listing import ORDERS, Asked, by_points, cards_of
from loyalty.models import CardState, Programme
from loyalty.web.forms import EnrolForm, ProgrammeForm
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.sheets import csv_lines
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)
SIZE = 50


@allow(GET=manager)
def cards(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The card and its members, latest first."""
    programme = Programme.objects.of(request.merchant.pk).in_full().first()
    if programme is None:
        return redirect("loyalty:design", request.merchant.slug)
    return _cards(request, programme, EnrolForm())


def _cards(request: MerchantRequest, programme: Programme, form: EnrolForm) -> HttpResponse:
    asked = Asked.read(request.GET)
    found = cards_of(request.merchant, asked, timezone.now())
    members: Any = (
        by_points(found, asked, request.GET.get("after", ""), SIZE)
        if asked.order == "points"
        else page_of(found, request, size=SIZE, newest_by="last_used_at" if asked.order == "used" else "")
    )
    context = {
        "programme": programme,
        "members": members,
        "form": form,
        "asked": asked,
        "states": [(state, state.label, asked.link(state=state.value)) for state in CardState],
        "orders": {order: asked.link(sort="" if order == "new" else order) for order in ORDERS},
        "owns": request.role.covers(Role.OWNER),
        "plain": asked.link(state="", idle=""),
        "idle": asked.link(idle="1"),
        "file": asked.link(),
    }
    status = 422 if form.errors else 200
    return render_page(request, "loyalty/cards.html", context, fragment="members", status=status)


@allow(GET=merchant_staff(Role.OWNER))
def cards_file(request: MerchantRequest, merchant: str) -> StreamingHttpResponse:
    """The list as a file, sent while it is read. The owner's alone, and put on record."""
    asked = Asked.read(request.GET)
    actions.note_export(request.merchant, by=request.user, asked=asked.link())
    head = [
        _("Card number"),
        _("Name"),
        _("Phone"),
        _("State"),
        _("Points"),
        _("Visits left"),
        _("Member since"),
        _("Last used"),
    ]
    now = timezone.now()
    found: Any = cards_of(request.merchant, asked, now)
    rows = (_line(card) for card in found.with_visits(now).order_by("pk").iterator(chunk_size=500))
    response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="members.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _line(card: Any) -> list[Any]:
    used = timezone.localtime(card.last_used_at).strftime("%Y-%m-%d") if card.last_used_at else ""
    joined = timezone.localtime(card.joined_at).strftime("%Y-%m-%d")
    who = card.customer
    holds = [card.get_state_display(), card.rank, card.visits]
    return [card.number, who.name, who.phone or "", *holds, joined, used]


@allow(POST=manager)
def enrol(request: MerchantRequest, merchant: str) -> HttpResponse:
    """A member by phone number alone. Sent twice it is one card."""
    programme = get_object_or_404(Programme.objects.of(request.merchant.pk))
    form = EnrolForm(request.POST)
    if form.is_valid():
        try:
            count_walk_in(request.user)
            card = actions.enrol(programme, **form.cleaned_data, by=request.user)
            return redirect("loyalty:card", merchant, card.number)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _cards(request, programme, form)


@allow(GET=manager, POST=manager)
def settings(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Open the membership, or change its terms from now on."""
    programme = Programme.objects.of(request.merchant.pk).first()
    default = {"name": _("%(merchant)s card") % {"merchant": request.merchant.name}}
    form = ProgrammeForm(request.POST or None, instance=programme, initial=None if programme else default)
    if request.method == "POST" and form.is_valid():
        if programme is None:
            programme = actions.open_programme(
                request.merchant, by=request.user, name=form.cleaned_data["name"]
            )
        actions.change_programme(programme, by=request.user, **form.cleaned_data)
        return redirect("loyalty:cards", request.merchant.slug)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "programme": programme}
    return render_page(request, "loyalty/settings.html", context, fragment="settings", status=status)
