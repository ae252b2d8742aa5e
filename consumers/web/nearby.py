"""What is around: the list, the map beside it, and the point that both are measured from."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from consumers.areas import area_called, areas
from consumers.position import COOKIE, COOKIE_AGE, Position, position_of, read_point
from consumers.rows import Row, rows_of
from consumers.wanted import LONGEST_TEXT, Tree, Wanted
from consumers.ways import Ways, chips
from consumers.web.following import note_search
from merchants.finding.near import Nearby
from merchants.models import Shop
from portal.kernel.access import allow, anyone
from portal.kernel.forms import clean_text
from portal.kernel.web import render_page

PAGE, MOST_PAGES = 20, 10  # deeper than 200 rows people search, and the index only walks outwards
IN_VIEW = 12  # the nearest ones decide what the map shows first
LONELY_M = 5000
SHORTEST_ADDRESS = 3  # characters: shorter ones would read the whole index


@allow(GET=anyone)
def nearby(request: HttpRequest) -> HttpResponse:
    """The nearest first; every filter is in the address."""
    moment, tree, position = timezone.now(), Tree(), position_of(request)
    wanted, page = Wanted.leniently(request.GET, tree), _page(request)
    found = wanted.near(position, moment, page * PAGE + 1)
    rows = rows_of(found[(page - 1) * PAGE : page * PAGE], tree.by_key, moment)
    ways = Ways(wanted, request.GET.get("near", "") and position.shared, request.GET.get("view") == "map")
    context = {
        "rows": rows,
        "page": page,
        "wanted": wanted,
        "position": position,
        "ways": ways,
        "areas": areas(),
        "chips": chips(ways, tree),
        "more": ways.to(page=str(page + 1)) if len(found) > page * PAGE and page < MOST_PAGES else "",
        "ended": page == MOST_PAGES and len(found) > page * PAGE,
        "map": _map(ways, position, found) if ways.on_map else None,
        "instead": None if found else _instead(wanted, position, tree, moment),
        "lonely": not wanted.sort and page == 1 and bool(found) and found[0].metres > LONELY_M,
    }
    htmx = getattr(request, "htmx", None)
    if htmx and page > 1:  # "show more" puts the next rows in its own place
        return render_page(request, "consumers/nearby.html#rows", context)
    if htmx and htmx.target == "results":  # the map has moved
        return render_page(request, "consumers/nearby.html", context, fragment="results")
    return render_page(request, "consumers/nearby.html", context, fragment="looking")


def _instead(wanted: Wanted, position: Position, tree: Tree, moment: datetime) -> Row | None:
    """Where nothing fits: the nearest that would farther away, else the nearest one that is closed now."""
    for wider in dict.fromkeys([wanted.but(within_m=None), wanted.but(within_m=None, open=False)]):
        if wider != wanted and (found := wider.near(position, moment, 1)):
            return rows_of(found, tree.by_key, moment)[0]
    return None


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _map(ways: Ways, position: Position, found: list[Nearby]) -> dict[str, Any]:
    """What the map script needs: where to begin, what to ask for a window, and the list of another point."""
    points = [(position.lat, position.lon), *((shop.lat, shop.lon) for shop in found[:IN_VIEW])]
    lats, lons = zip(*points, strict=True)
    return {
        "source": f"{reverse('consumers:nearby_geojson')}?{ways.wanted.query()}",
        "list": replace(ways, near="").to(),
        "bounds": f"{min(lons):.6f},{min(lats):.6f},{max(lons):.6f},{max(lats):.6f}",
        "lat": f"{position.lat:.6f}",
        "lon": f"{position.lon:.6f}",
        "tiles": settings.MAP_TILES,
        "credits": settings.MAP_CREDITS,
    }


@allow(POST=anyone)
def look_from(request: HttpRequest) -> HttpResponse:
    """Keep the point to look from, for this browser only, and go back to the list."""
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts=None)
    response = redirect(onward if safe else reverse("consumers:nearby"))
    if point := read_point(request.POST.get("point", "")) or _point_called(request):
        note_search(request, *point)
        value = f"{point[0]:.6f},{point[1]:.6f}"
        response.set_cookie(
            COOKIE, value, COOKIE_AGE, secure=settings.OVER_TLS, httponly=True, samesite="Lax"
        )
    return response


def _point_called(request: HttpRequest) -> tuple[float, float] | None:
    """From words: an area's name, else a street that some listed shop gives as its address."""
    text = " ".join(clean_text(request.POST.get("place", "")).split())[:LONGEST_TEXT]
    if not text:
        return None
    if area := area_called(text):
        return area.lat, area.lon
    here = position_of(request)
    point = Shop.objects.at_address(text, here.lat, here.lon) if len(text) >= SHORTEST_ADDRESS else None
    if point is None:
        messages.warning(
            request, _("We don't know “%(place)s”. Try a street or a district.") % {"place": text}
        )
    return point


def list_of(*, category: str = "", open_now: bool = False) -> str:
    """The address of a list, for pages that lead to it."""
    query = urlencode([pair for pair in (("cat", category), ("open", "1" if open_now else "")) if pair[1]])
    return reverse("consumers:nearby") + (f"?{query}" if query else "")
