"""The few pages that explain the portal: for shop owners, about it, help."""

from django.http import HttpRequest, HttpResponse

from merchants.actions.prices import LEAST_SHOPS
from merchants.finding import ranking as rule
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page


@allow(GET=anyone)
def for_shops(request: HttpRequest) -> HttpResponse:
    return render_page(request, "home/for_shops.html")


@allow(GET=anyone)
def about(request: HttpRequest) -> HttpResponse:
    return render_page(request, "home/about.html")


@allow(GET=anyone)
def help_page(request: HttpRequest) -> HttpResponse:
    return render_page(request, "home/help.html")


@allow(GET=anyone)
def ranking(request: HttpRequest) -> HttpResponse:
    """The rule itself, with the numbers that the lists go by."""
    return render_page(request, "home/help_ranking.html", {"rule": rule, "least_shops": LEAST_SHOPS})
