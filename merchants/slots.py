"""What merchants add to other pages: a listing's sources, how complete a shop is, the staff's queues."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from merchants.completeness import completeness, next_best
from merchants.models import Correction, Fact, ListingClaim, Provenance, Shop
from merchants.sources import told_of
from merchants.web.step_page import step_url
from portal.kernel.dates import span
from portal.kernel.slots import fills


@fills("staff.queues")
def waiting_claims(request: HttpRequest, **inputs: object) -> str:
    """How many claims wait and for how long the oldest does; leads to the queue."""
    if not request.user.has_perm("merchants.view_listingclaim"):
        return ""
    waiting = ListingClaim.objects.waiting().order_by("created_at", "pk")
    oldest = waiting.values_list("created_at", flat=True).first()
    context = {"waiting": waiting.count(), "oldest": span(timezone.now() - oldest) if oldest else ""}
    return render_to_string("merchants/admin/queue.html", context, request=request)


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
    if shop.merchant is None:
        return ""
    waiting = Correction.objects.for_owner(shop.merchant).filter(shop=shop).count()
    context = {"merchant": shop.merchant, "waiting": waiting}
    return render_to_string("merchants/_corrections.html", context, request=request) if waiting else ""
