"""One shop's page: what it is, when it is open, what it costs, how to get there."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from consumers.box import Box
from consumers.cards import first_phone, json_ld, share_card
from consumers.position import Position, position_of
from consumers.routes import routes_to
from consumers.rows import rows_of
from consumers.visitors import seen_by
from consumers.wanted import Tree
from consumers.week import week_of
from merchants.actions.suspending import is_suspended
from merchants.finding.near import Near
from merchants.models import PhotoKind, Shop, told_on
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page

SHOWN_PRICES, SHOWN_PHOTOS, INSTEAD = 5, 4, 5


@allow(GET=anyone)
def storefront(request: HttpRequest, shop: str) -> HttpResponse:
    """Everything a passer-by wants to know; a shop that has closed points to open ones nearby."""
    position = position_of(request)
    rows = seen_by(Shop.objects.for_storefront(position.lat, position.lon), request.user, timezone.now())
    row = rows.filter(slug=shop).first()
    if row is None:
        raise Http404
    if not row.is_listed:
        return _gone(request, row)
    return render_page(request, "consumers/storefront.html", about(row, position))


def about(shop: Shop, position: Position | None, *, drafts: bool = False) -> dict[str, Any]:
    """What the page shows of a shop; the merchant's preview shows the same, and ``drafts`` of notices."""
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
        "few": photos[1 : 1 + SHOWN_PHOTOS],
        "notices": notices_of(shop, drafts=drafts),
        "week": week_of(shop.hours, shop.time_zone, timezone.now(), shop.special),
        "routes": routes_to(shop),
        "phone": first_phone(shop.phone),
        "box": Box.of(shop),
        "listed_only": shop.category.is_discovery_only,
        "share": share_card(shop, photos, link),
        "json_ld": json_ld(shop, services, photos, link),
    }


def notices_of(shop: Shop, *, drafts: bool) -> list[Any]:
    """What is told today; with ``drafts`` as it will be, each draft in the place of what it replaces."""
    day = timezone.localdate(timezone=ZoneInfo(shop.time_zone))
    if not drafts:
        return list(told_on(shop.told, day))
    waiting = list(shop.notices.drafts())
    replaced = {draft.replaces_id for draft in waiting}
    return waiting + [row for row in shop.notices.showing_on(day) if row.pk not in replaced]


def _shop_or_404(slug: str) -> Shop:
    listed = Shop.objects.listed().select_related("merchant", "category__parent")
    return get_object_or_404(listed, slug=slug)


@allow(GET=anyone)
def service(request: HttpRequest, shop: str, service: int) -> HttpResponse:
    """One service: what is included, what it costs, where else the merchant offers it."""
    row = _shop_or_404(shop)
    one = get_object_or_404(row.services.offered().select_related("photo"), pk=service)
    one.shop = row
    same = Shop.objects.listed().filter(services__name=one.name, services__removed_at=None)
    outlets = same.filter(merchant=row.merchant_id).exclude(pk=row.pk) if row.merchant_id else same.none()
    link = f"{settings.SITE_URL}{one.get_absolute_url()}"
    context = {"shop": row, "service": one, "outlets": outlets.order_by("name", "pk")[:20], "link": link}
    return render_page(request, "consumers/service.html", context)


@allow(GET=anyone)
def photos(request: HttpRequest, shop: str) -> HttpResponse:
    """Every picture, kind by kind, each with what it shows."""
    row = _shop_or_404(shop)
    every = list(row.photos.order_by("position", "pk"))
    kinds = [(kind, [one for one in every if one.kind == kind]) for kind in PhotoKind]
    context = {"shop": row, "kinds": [(kind.label, found) for kind, found in kinds if found]}
    return render_page(request, "consumers/photos.html", context)


def _gone(request: HttpRequest, shop: Shop) -> HttpResponse:
    """404 that helps: what was here, and the nearest of its kind that are open now."""
    if shop.published_at and is_suspended(shop):
        return render_page(request, "consumers/suspended.html", {"shop": shop}, status=404)
    if shop.closed_at is None or shop.location is None:
        raise Http404  # a draft: nobody's business
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
