"""Levels in the console: the rule with who would move under it, and one card's level with its history."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.actions.levels import drafted
from loyalty.levels import Movers, progress_of, who_would_move
from loyalty.models import Card, Level, LevelMove, LevelRule, Programme
from loyalty.terms import today_of
from loyalty.web.level_forms import PRESETS, GiveLevelForm, LevelsForm, from_preset, from_saved
from loyalty.words import why_in_words
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)


@allow(GET=manager, POST=manager)
def levels(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Choose a preset or change what there is; look who would move; save."""
    programme = Programme.objects.of(request.merchant.pk).first()
    if programme is None:
        return redirect("loyalty:settings", merchant)
    form = LevelsForm(request.POST or None, initial=_begin(programme, request.GET.get("preset", "")))
    movers = None
    if request.method == "POST" and form.is_valid():
        try:
            if "look" not in request.POST:
                actions.set_levels(programme, form.steps(), by=request.user, **form.rule)
                messages.success(request, _("The levels are saved."))
                return redirect("loyalty:levels", merchant)
            movers = _preview(programme, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _show_levels(request, programme, form, movers)


def _begin(programme: Programme, preset: str) -> dict[str, Any]:
    rule = LevelRule.objects.filter(programme=programme).first()
    if rule and preset not in PRESETS:
        return from_saved(rule, list(Level.objects.of(programme)))
    return from_preset(preset)


def _preview(programme: Programme, form: LevelsForm) -> Movers:
    rule, levels = drafted(programme, form.steps(), **form.rule)
    return who_would_move(rule, levels, moment=timezone.now())


def _show_levels(
    request: MerchantRequest, programme: Programme, form: LevelsForm, movers: Movers | None
) -> HttpResponse:
    names = {rank: form[f"name_{rank}"].value() for rank in range(4)} if movers else {}
    people = Card.objects.in_full().in_bulk([one.card_id for one in movers.some]) if movers else {}
    context = {
        "programme": programme,
        "form": form,
        "presets": [(name, preset["label"]) for name, preset in PRESETS.items()],
        "chosen": request.GET.get("preset", ""),
        "saved": programme.levels.exists(),
        "movers": movers,
        "people": [(people[one.card_id], names[one.held], names[one.due]) for one in movers.some]
        if movers
        else [],
    }
    status = 422 if form.errors else 200
    return render_page(request, "loyalty/levels.html", context, fragment="levels", status=status)


@allow(GET=manager, POST=manager)
def card_level(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    """Where one card stands, why, what is missing to the next level, and giving it one by decision."""
    card = get_object_or_404(Card.objects.of(request.merchant).in_full(), number=number)
    steps = Level.objects.of(card.programme).in_use()
    first = {"until": today_of(request.merchant) + timedelta(days=90)}
    form = (
        GiveLevelForm(request.POST, levels=steps)
        if request.POST
        else GiveLevelForm.fresh(levels=steps, initial=first)
    )
    if request.POST and form.is_valid() and _gave(request, card, form):
        return redirect("loyalty:card_level", merchant, number)
    context = {
        "card": card,
        "form": form,
        "progress": progress_of(card, moment=timezone.now()),
        "moves": [(move, why_in_words(move.reason)) for move in LevelMove.objects.of_card(card)[:50]],
    }
    return render_page(request, "loyalty/card_level.html", context, status=422 if form.errors else 200)


def _gave(request: MerchantRequest, card: Card, form: GiveLevelForm) -> bool:
    try:
        actions.give_level(card, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Done. The customer is told."))
    return True
