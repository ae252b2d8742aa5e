"""What merchants add to other pages: a listing's sources, how complete a shop is, the staff's queues."""

from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from merchants.dashboard import listings, new_merchants, tiles
from merchants.models import Fact, Provenance, Shop
from merchants.trust.completeness import completeness, next_best
from merchants.trust.sources import told_of
from merchants.web.step_page import step_url
from portal.kernel.models import User
from portal.kernel.slots import fills


@fills("staff.queues")
def queues(request: HttpRequest, **inputs: object) -> str:
    """How many wait in each queue and for how long the oldest does; leads to the queues."""
    shown = tiles(cast(User, request.user), timezone.now())
    return render_to_string("merchants/admin/queues.html", {"tiles": shown}, request=request) if shown else ""


@fills("staff.figures")
def figures(request: HttpRequest, **inputs: object) -> str:
    """New merchants per week, listings by completeness and freshness."""
    if not cast(User, request.user).has_perms(["merchants.view_merchant", "merchants.view_shop"]):
        return ""
    moment = timezone.now()
    by_level, by_freshness = listings(moment)
    charts = [
        (_("New merchants, week from"), new_merchants(moment)),
        (_("Listings by completeness"), by_level),
        (_("Listings by freshness"), by_freshness),
    ]
    return render_to_string("merchants/admin/figures.html", {"charts": charts}, request=request)


@fills("storefront.trust")
def sources(request: HttpRequest, shop: Shop, **inputs: object) -> str:
    """One quiet line: where the hours come from (the place, where nobody knows the hours)."""
    if not shop.is_listed:
        return ""
    facts = {told.fact: told for told in told_of(shop, Provenance.objects.of(shop))}
    context = {"shop": shop, "told": facts.get(Fact.HOURS) or facts.get(Fact.LOCATION)}
    return render_to_string("merchants/_trust.html", context, request=request)


@fills("shop.parts")
def how_complete(request: HttpRequest, shop: Shop, **inputs: object) -> str:
    """For the owner of a published shop: the score and the next best step."""
    if not shop.is_listed:
        return ""
    best = next_best(shop)
    context = {
        "shop": shop,
        "score": completeness(shop),
        "next": best,
        "href": step_url(shop, best.step) if best else "",
    }
    return render_to_string("merchants/_completeness.html", context, request=request)


@fills("shop.parts")
def what_visitors_say(request: HttpRequest, shop: Shop, **inputs: object) -> str:
    """How many corrections wait for the owner; leads to them."""
    waiting = getattr(shop, "corrections_waiting", 0)  # comes with the shop, from its page's question
    context = {"merchant": shop.merchant, "waiting": waiting}
    return render_to_string("merchants/_corrections.html", context, request=request) if waiting else ""
