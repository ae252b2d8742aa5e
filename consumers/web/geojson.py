"""The same question for machines: a GeoJSON FeatureCollection (RFC 7946), nearest first."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consumers.position import Position, read_point
from consumers.wanted import BadQuestion, Tree, Wanted, box_in, limit_in, zoom_in
from merchants.finding.clusters import Spot
from merchants.finding.near import Nearby
from merchants.models import Category
from portal.kernel.access import allow, anyone
from portal.kernel.refused import Refused

MEDIA_TYPE = "application/geo+json"


@allow(GET=anyone)
def nearby_geojson(request: HttpRequest) -> HttpResponse:
    """``?near=LAT,LON&r=METRES&limit=N&cat=…&open=1&q=…``; a wrong parameter is 400 with a sentence.

    ``?bbox=W,S,E,N&zoom=Z`` without ``near`` is what a map shows: shops, and squares that hold several.
    """
    moment, tree = timezone.now(), Tree()
    try:
        if "bbox" in request.GET and "near" not in request.GET:
            return _answer(in_window(request, tree, moment))
        position = _point(request.GET.get("near", ""))
        wanted, limit = Wanted.strictly(request.GET, tree), limit_in(request.GET.get("limit", ""))
    except Refused as refusal:
        return _answer({"error": str(refusal)}, status=refusal.status, media_type="application/json")
    found = wanted.near(position, moment, limit)
    doors = request.build_absolute_uri("/s/")
    features = [_feature(shop, tree.by_key[shop.category_id], moment, doors) for shop in found]
    return _answer({"type": "FeatureCollection", "features": features})


def in_window(request: HttpRequest, tree: Tree, moment: datetime) -> dict[str, Any]:
    """``filters_apply`` is false where the squares of a wide map count every shop of the kind."""
    window = Wanted.strictly(request.GET, tree).in_window(
        *box_in(request.GET["bbox"]), zoom=zoom_in(request.GET.get("zoom", "")), moment=moment
    )
    doors = request.build_absolute_uri("/s/")
    view = window.seen()
    features = [_spot(spot, tree, doors) for spot in view.spots]
    return {"type": "FeatureCollection", "filters_apply": view.filters_apply, "features": features}


def _spot(spot: Spot, tree: Tree, doors: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"count": spot.count}
    if spot.slug is not None and spot.category_id is not None:
        facts |= {"slug": spot.slug, "name": spot.name, "open": spot.open, "url": f"{doors}{spot.slug}/"}
        facts["category"] = tree.by_key[spot.category_id].slug
    return {
        "type": "Feature",
        "bbox": [round(edge, 7) for edge in (spot.west, spot.south, spot.east, spot.north)],
        "geometry": {"type": "Point", "coordinates": [round(spot.lon, 7), round(spot.lat, 7)]},
        "properties": facts,
    }


def _point(text: str) -> Position:
    point = read_point(text)
    if point is None:
        raise BadQuestion(
            _("near is needed: latitude and longitude in degrees, such as near=31.2304,121.4737.")
        )
    return Position(*point, given=True)


def _feature(shop: Nearby, category: Category, moment: datetime, doors: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(shop.lon, 7), round(shop.lat, 7)]},
        "properties": {
            "slug": shop.slug,
            "name": shop.name,
            "category": category.slug,
            "distance_m": shop.distance_m,
            "open": shop.is_open_at(moment),
            "source": shop.source,
            "source_id": shop.source_id,
            "url": f"{doors}{shop.slug}/",
        },
    }


def _answer(content: dict[str, Any], *, status: int = 200, media_type: str = MEDIA_TYPE) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(text, status=status, content_type=media_type)
    response["Access-Control-Allow-Origin"] = "*"  # public facts, the same for everybody
    return response
