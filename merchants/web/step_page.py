"""What all steps of the wizard share: the shop, the way on, the way back, the page around the form.

The same pages change a published shop later; then there are no steps, and saving leads to its overview.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from merchants.models import Category, Correction, Merchant, Role, Shop
from merchants.steps import Step, steps_of
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.web import render_page

EDITS = merchant_staff(Role.MANAGER)
POPULAR = (
    "restaurant",
    "fast-food",
    "milk-tea",
    "convenience",
    "fresh-food",
    "hair",
    "nails",
    "laundry",
    "car-wash",
    "gym",
    "pharmacy",
    "cleaning",
)


def shop_or_404(request: MerchantRequest, slug: str, *, corrections: bool = False) -> Shop:
    """``corrections`` adds how many wait for the owner."""
    rows = Shop.objects.of(request.merchant).select_related("category__parent", "merchant")
    if corrections:
        return get_object_or_404(Correction.objects.counted_for(rows, request.merchant), slug=slug)
    return get_object_or_404(rows, slug=slug)


def step_url(shop: Shop, step: Step) -> str:
    return _console_url(shop, f"shop_{step.slug}")


def overview_url(shop: Shop) -> str:
    return _console_url(shop, "shop")


def _console_url(shop: Shop, page: str) -> str:
    return reverse(f"merchants:{page}", args=[cast(Merchant, shop.merchant).slug, shop.slug])


def labels(steps: Iterable[Step]) -> list[str]:
    return [str(step.label) for step in steps]


def go_on(request: MerchantRequest, shop: Shop, step: Step) -> HttpResponse:
    """After a step was saved: the next one, or back to the overview of a shop that is out already."""
    if shop.published_at:
        messages.success(request, _("Saved"))
        return redirect(overview_url(shop))
    steps = steps_of(shop)
    return redirect(step_url(shop, steps[steps.index(step) + 1]))


def step_page(
    request: MerchantRequest,
    shop: Shop,
    step: Step,
    context: dict[str, Any],
    *,
    status: int = 200,
    template: str = "",
) -> HttpResponse:
    context |= {"shop": shop, "step": step, "action": step_url(shop, step), "overview": overview_url(shop)}
    if not shop.published_at:
        steps = steps_of(shop)
        place = steps.index(step)
        context |= {
            "steps": labels(steps),
            "current": place + 1,
            "before": step_url(shop, steps[place - 1]) if place else "",
        }
    return render_page(request, f"merchants/step_{template or step.slug}.html", context, status=status)


@dataclass(frozen=True)
class Branch:
    """A branch of the category tree with its leaves; ``open`` when the chosen one is inside."""

    category: Category
    leaves: list[Category]
    open: bool


def categories_for_choice(categories: Iterable[Category], chosen: str | None) -> dict[str, Any]:
    """The popular leaves first, then every branch with the others; one query for all."""
    rows = sorted(categories, key=lambda category: (category.position, category.pk))
    parents = {category.parent_id for category in rows}
    leaves = [category for category in rows if category.pk not in parents]
    popular = sorted(
        (leaf for leaf in leaves if leaf.slug in POPULAR), key=lambda leaf: POPULAR.index(leaf.slug)
    )
    if len(leaves) <= len(POPULAR):
        return {"popular": leaves, "branches": []}
    shown = {leaf.pk for leaf in popular}
    branches = []
    for branch in rows:
        rest = [leaf for leaf in leaves if leaf.parent_id == branch.pk and leaf.pk not in shown]
        if rest:
            branches.append(Branch(branch, rest, any(leaf.slug == chosen for leaf in rest)))
    return {"popular": popular, "branches": branches}
