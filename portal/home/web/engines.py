"""What search engines ask for first: where they may go, and which pages there are."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from consumers.landing import path_of, worth_a_page
from consumers.wanted import Tree
from merchants.models import Shop
from portal.kernel.access import allow, anyone

A_SHEET = 20_000  # shops by their numbers; a sitemap may name 50,000 pages
DAY = 24 * 3600
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
CLOSED = ("/me/", "/m/", "/staff/", "/accounts/", "/q/", "/search/", "/nearby/?", "/nearby.geojson")
AREAS = "sitemap-areas"  # where its paths are kept; memcached takes no space in a key
OPEN = ("/", "/nearby/", "/deals/", "/about/", "/help/", "/help/ranking/", "/for-shops/")


@allow(GET=anyone)
def robots(request: HttpRequest) -> HttpResponse:
    """Lists of every point and filter are endless: engines take the pages of the sitemap instead."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    return HttpResponse(
        "\n".join([*lines, "", f"Sitemap: {settings.SITE_URL}{reverse('home:sitemap')}", ""]),
        content_type="text/plain; charset=utf-8",
    )


@allow(GET=anyone)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sheets: one of areas, then shops by their numbers."""
    last = Shop.objects.aggregate(last=Max("pk"))["last"] or 0
    paths = [reverse("home:sitemap_areas")]
    paths += [reverse("home:sitemap_shops", args=[n]) for n in range(last // A_SHEET + 1)]
    return _answer("sitemapindex", "sitemap", paths)


@allow(GET=anyone)
def sitemap_areas(request: HttpRequest) -> HttpResponse:
    paths = cache.get(AREAS)
    if paths is None:
        paths = [*OPEN, *(path_of(area, category) for area, category in worth_a_page(Tree()))]
        cache.set(AREAS, paths, DAY)
    return _answer("urlset", "url", paths)


@allow(GET=anyone)
def sitemap_shops(request: HttpRequest, number: int) -> HttpResponse:
    if number >= 2**31:  # beyond any key of ours
        raise Http404
    keys = (number * A_SHEET, (number + 1) * A_SHEET - 1)
    slugs = Shop.objects.listed().filter(pk__range=keys).order_by("pk").values_list("slug", flat=True)
    return _answer("urlset", "url", (f"/s/{slug}/" for slug in slugs))


def _answer(root: str, entry: str, paths: Iterable[str]) -> HttpResponse:
    lines = (f"<{entry}><loc>{escape(settings.SITE_URL + path)}</loc></{entry}>" for path in paths)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">'
    response = HttpResponse("\n".join([head, *lines, f"</{root}>", ""]), content_type="application/xml")
    patch_cache_control(response, public=True, max_age=3600)
    return response
