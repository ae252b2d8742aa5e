"""The shops of a merchant: the list, one shop's overview, another one, and the page after publishing."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from merchants import actions
from merchants.actions.days import today_at
from merchants.codes import poster_code
from merchants.models import Category, Shop
from merchants.opening import week
from merchants.steps import Step, missing, next_step, steps_of
from merchants.web.access import MerchantRequest
from merchants.web.forms import NameForm
from merchants.web.step_page import EDITS, categories_for_choice, labels, shop_or_404, step_url
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

MINUTES = {Step.NAME: 1, Step.LOCATION: 1, Step.HOURS: 1, Step.SERVICES: 2, Step.PHOTO: 1, Step.PUBLISH: 1}


@allow(GET=EDITS)
def shops(request: MerchantRequest, merchant: str) -> HttpResponse:
    rows = Shop.objects.of(request.merchant).select_related("category", "merchant").order_by("name", "pk")
    return render_page(request, "merchants/shops.html", {"shops": rows[:200]})


@allow(GET=EDITS, POST=EDITS)
def new_shop(request: MerchantRequest, merchant: str) -> HttpResponse:
    form = NameForm(request.POST) if request.method == "POST" else NameForm.fresh()
    if request.method == "POST" and form.is_valid():
        try:
            shop = actions.open_shop(request.user, merchant=request.merchant, **form.cleaned_data)
            return redirect(step_url(shop, Step.LOCATION))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "steps": labels(list(Step)),
        "choices": categories_for_choice(Category.objects.all(), form["category"].value()),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "merchants/new_shop.html", context, status=status)


@allow(GET=EDITS)
def shop(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """What the shop says of itself, part by part, each with its way to change it."""
    row = shop_or_404(request, shop, corrections=True)
    context = {
        "shop": row,
        "checklist": checklist(row),
        "done": len(steps_of(row)) - len(_undone(row)),
        "week": week.in_words(row.hours),
        "special_days": list(row.special_days.of(row).filter(on__gte=today_at(row))[:5]),
        "notices": list(row.notices.current()[:3]),
        "services": list(row.services.offered()),
        "photos": list(row.photos.order_by("position", "pk")),
        "lacking": missing(row),
    }
    return render_page(request, "merchants/shop.html", context)


def _undone(shop: Shop) -> list[Step]:
    lacking = missing(shop)
    if shop.published_at:
        return lacking
    return [step for step in steps_of(shop) if step in lacking or step > shop.reached]


def checklist(shop: Shop) -> list[dict[str, object]]:
    """The wizard's steps as ``<c-checklist>`` wants them."""
    undone, following = _undone(shop), next_step(shop)
    return [
        {
            "title": step.label,
            "href": step_url(shop, step),
            "done": step not in undone,
            "next": step == following,
            "minutes": MINUTES[step],
        }
        for step in steps_of(shop)
    ]


@allow(GET=EDITS)
def live(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """ "Your shop is live": the link, the code to print, what to do next."""
    row = shop_or_404(request, shop)
    if not row.published_at:
        return redirect(step_url(row, next_step(row)))
    link = f"{settings.SITE_URL}{row.get_absolute_url()}"
    return render_page(request, "merchants/live.html", {"shop": row, "link": link, "code": poster_code(row)})
