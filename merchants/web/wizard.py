"""The steps from a name to a published shop, and the same pages for changing it later."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from merchants import actions, starters
from merchants.actions.provenance import Hand
from merchants.datum import Datum, GivenBy
from merchants.models import Category, Shop
from merchants.opening.week import in_words
from merchants.steps import Step, missing
from merchants.trust.duplicates import likely_duplicates
from merchants.web.access import MerchantRequest
from merchants.web.forms import LocationForm, ShopWordsForm, words_of
from merchants.web.hours_form import HoursForm
from merchants.web.services_form import ServicesFormSet, lines_of, showing
from merchants.web.step_page import EDITS, categories_for_choice, go_on, shop_or_404, step_page
from portal.kernel.access import allow
from portal.kernel.refused import Refused


def refused(form: object, verb: Callable[[], object]) -> bool:
    """Run a verb; a refusal becomes an error of the form."""
    try:
        verb()
    except Refused as refusal:
        form.add_error(None, str(refusal))  # type: ignore[attr-defined]
        return True
    return False


@allow(GET=EDITS, POST=EDITS)
def name(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    row = shop_or_404(request, shop)
    form = ShopWordsForm(request.POST or None, initial=words_of(row))
    form.fields["key"].required = False  # saying the same name twice says it once
    if request.method == "POST" and form.is_valid():
        words = {field: value for field, value in form.cleaned_data.items() if field != "key"}
        if not refused(form, lambda: actions.describe_shop(row, hand=Hand(by=request.user), **words)):
            return go_on(request, row, Step.NAME)
    choices = categories_for_choice(Category.objects.all(), form["category"].value())
    status = 422 if form.errors else 200
    return step_page(request, row, Step.NAME, {"form": form, "choices": choices}, status=status)


@allow(GET=EDITS, POST=EDITS)
def location(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    row = shop_or_404(request, shop)
    initial = {"address": row.address, "datum": Datum.WGS84, "given_by": GivenBy.TYPED}
    if row.location:
        initial |= {"lat": f"{row.location.y:.6f}", "lon": f"{row.location.x:.6f}"}
    form = LocationForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and not refused(
            form, lambda: actions.place_shop(row, hand=Hand(by=request.user), **form.cleaned_data)
        )
    ):
        if not row.published_at and likely_duplicates(Shop.objects.get(pk=row.pk)):
            return redirect("merchants:shop_duplicates", request.merchant.slug, row.slug)
        return go_on(request, row, Step.LOCATION)
    context = {"form": form, "tiles": settings.MAP_TILES, "credits": settings.MAP_CREDITS}
    return step_page(request, row, Step.LOCATION, context, status=422 if form.errors else 200)


@allow(GET=EDITS)
def duplicates(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """ "Is one of these yours?": listings nearby with a name like this one's."""
    row = shop_or_404(request, shop)
    found = likely_duplicates(row)
    if not found:
        return go_on(request, row, Step.LOCATION)
    going_on = reverse("merchants:shop_hours", args=[merchant, shop])
    context = {"found": found, "going_on": going_on}
    return step_page(request, row, Step.LOCATION, context, template="duplicates")


@allow(GET=EDITS, POST=EDITS)
def hours(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    row = shop_or_404(request, shop)
    usual, hand = starters.usual_hours(row.category), Hand(by=request.user)
    form = HoursForm(request.POST) if request.method == "POST" else HoursForm.showing(row.hours, usual[0])
    if request.method == "POST":
        if (preset := request.POST.get("usual", "")) in usual:
            actions.set_hours(row, preset, hand=hand)
            return go_on(request, row, Step.HOURS)
        if form.is_valid() and not refused(
            form, lambda: actions.set_hours(row, form.cleaned_data["hours"], hand=hand)
        ):
            return go_on(request, row, Step.HOURS)
    presets = [(text, in_words(text)) for text in usual]
    status = 422 if form.is_bound else 200
    return step_page(request, row, Step.HOURS, {"form": form, "presets": presets}, status=status)


@allow(GET=EDITS, POST=EDITS)
def services(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    row = shop_or_404(request, shop)
    if request.method != "POST":
        return step_page(request, row, Step.SERVICES, {"formset": showing(row), "error": ""})
    formset, error = ServicesFormSet(request.POST, prefix="line"), ""
    if formset.is_valid():
        try:
            actions.set_services(row, lines_of(formset))
            return go_on(request, row, Step.SERVICES)
        except Refused as refusal:
            error = str(refusal)
    return step_page(request, row, Step.SERVICES, {"formset": formset, "error": error}, status=422)


@allow(GET=EDITS, POST=EDITS)
def publish(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """The preview, exactly as customers will see it, and the one button that makes it so."""
    row, error = shop_or_404(request, shop), ""
    if request.method == "POST":
        try:
            actions.publish_shop(row, by=request.user)
            return redirect("merchants:shop_live", request.merchant.slug, row.slug)
        except Refused as refusal:
            error = str(refusal)
    context = {"missing": missing(row), "error": error}
    return step_page(request, row, Step.PUBLISH, context, status=422 if error else 200)
