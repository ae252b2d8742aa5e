"""Special days of a shop: the holidays of the next ninety days, dates of one's own, being away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.actions.days import today_at
from merchants.models import Shop, SpecialDay
from merchants.opening import week
from merchants.opening.festivals import Festival, coming
from merchants.steps import Step
from merchants.web.access import MerchantRequest
from merchants.web.days_form import AwayForm, DaysForm, times_of
from merchants.web.step_page import EDITS, shop_or_404, step_url
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

OWN, AWAY, BACK = "own", "away", "back"


@dataclass(frozen=True)
class Card:
    """A holiday that comes up, what was said of it, and the form to say it."""

    id: str
    festival: Festival
    form: DaysForm
    said: SpecialDay | None


@allow(GET=EDITS, POST=EDITS)
def days(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """Each form says one thing; what it says holds at once, for lists and for the shop's page."""
    row = shop_or_404(request, shop)
    if request.method != "POST":
        return _page(request, row)
    form, verb = _asked(request, row)
    if form.is_valid():
        try:
            verb()
            messages.success(request, _("Saved"))
            return redirect(request.path)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, row, {request.POST.get("form", OWN): form}, status=422)


def _asked(request: MerchantRequest, shop: Shop) -> tuple[Any, Callable[[], Shop]]:
    """The form that was sent, and what it wants when it is right."""
    name = request.POST.get("form", OWN)
    if name == BACK:
        return Form(request.POST), lambda: actions.come_back(shop)
    if name == AWAY:
        away = AwayForm(request.POST, auto_id=f"{AWAY}_%s")
        return away, lambda: actions.go_away(shop, **away.cleaned_data)
    form = DaysForm(request.POST, auto_id=f"{name}_%s")
    if "clear" in request.POST:
        return form, lambda: actions.clear_days(shop, form.days())
    return form, lambda: actions.set_days(shop, form.days(), **form.said())


def _page(
    request: MerchantRequest, shop: Shop, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    bound, today = bound or {}, today_at(shop)
    rows = list(shop.special_days.of(shop).filter(on__gte=today))
    festivals = coming(shop.time_zone, today)
    cards = [_card(one, rows, bound, shop) for one in festivals]
    taken = {day for one in festivals for day in one.days}
    context = {
        "shop": shop,
        "today": today,
        "cards": cards,
        "own": [row for row in rows if row.on not in taken],
        "form": bound.get(OWN) or DaysForm(auto_id=f"{OWN}_%s", initial={"first": "", "kind": "closed"}),
        "away": bound.get(AWAY) or AwayForm(auto_id=f"{AWAY}_%s", initial=_away(shop, today)),
        "hours": step_url(shop, Step.HOURS),
    }
    return render_page(request, "merchants/days.html", context, status=status)


def _card(festival: Festival, rows: list[SpecialDay], bound: dict[str, Any], shop: Shop) -> Card:
    said = next((row for row in rows if festival.first <= row.on <= festival.last), None)
    usual = (week.week_of(shop.hours) or {}).get(0, ())
    initial = {
        "first": festival.first,
        "last": festival.last,
        "label": festival.name_zh,
        "label_en": festival.name_en,
        **times_of(week.spans_of(said.hours) if said and said.hours else usual),
    }
    name = f"festival-{festival.first:%Y-%m-%d}"
    form = bound.get(name) or DaysForm(initial=initial, auto_id=f"{name}_%s")
    return Card(name, festival, form, said)


def _away(shop: Shop, today: date) -> dict[str, Any]:
    return {
        "away_from": shop.away_from or today,
        "back_on": shop.back_on,
        "words": shop.away_words,
        "words_en": shop.away_words_en,
    }
