"""One shop's page: what it is, when it is open, what it costs, how to get there."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from consumers.cards import first_phone, json_ld, share_card
from consumers.position import Position, position_of
from consumers.routes import routes_to
from consumers.rows import rows_of
from consumers.wanted import Tree
from consumers.week import week_of
from merchants.models import Shop
from merchants.near import Near
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page

SHOWN_PRICES, INSTEAD = 5, 5


@allow(GET=anyone)
def storefront(request: HttpRequest, shop: str) -> HttpResponse:
    """Everything a passer-by wants to know; a shop that has closed points to open ones nearby."""
    position = position_of(request)
    row = Shop.objects.for_storefront(position.lat, position.lon).filter(slug=shop).first()
    if row is None:
        raise Http404
    if not row.is_listed:
        return _gone(request, row)
    return render_page(request, "consumers/storefront.html", about(row, position))


def about(shop: Shop, position: Position | None) -> dict[str, Any]:
    """What the page shows of a shop; the merchant's preview shows the same."""
    services = list(shop.services.offered())
    photos = list(shop.photos.order_by("position", "pk"))
    link = f"{settings.SITE_URL}{shop.get_absolute_url()}"
    return {
        "shop": shop,
        "door": shop.open_state,
        "position": position,
        "metres": getattr(shop, "metres", None) if position else None,
        "services": services[:SHOWN_PRICES],
        "further": services[SHOWN_PRICES:],
        "photos": photos,
        "week": week_of(shop.hours, shop.time_zone, timezone.now(), shop.special),
        "routes": routes_to(shop),
        "phone": first_phone(shop.phone),
        "listed_only": shop.category.is_discovery_only,
        "share": share_card(shop, photos, link),
        "json_ld": json_ld(shop, services, photos, link),
    }


def _gone(request: HttpRequest, shop: Shop) -> HttpResponse:
    """404 that helps: what was here, and the nearest of its kind that are open now."""
    if shop.closed_at is None or shop.location is None:
        raise Http404  # a draft, or a merchant that was suspended: nobody's business
    moment, tree = timezone.now(), Tree()
    instead = Near(
        lat=shop.location.y,
        lon=shop.location.x,
        limit=INSTEAD,
        categories=(shop.category_id,),
        open_at=moment,
        but_not=shop.pk,
    ).ask()
    context = {
        "shop": shop,
        "rows": rows_of(instead, tree.by_key, moment),
        "around": f"{reverse('consumers:nearby')}?cat={shop.category.slug}",
    }
    return render_page(request, "consumers/gone.html", context, status=404)
