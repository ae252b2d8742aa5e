"""The offers board: what is running around somebody, by distance or by the end that comes first."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consumers.deals import deals_around
from consumers.position import position_of
from consumers.wanted import Tree
from consumers.ways import Chip
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page

PAGE = 60
ENDING = "ending"


@allow(GET=anyone)
def deals(request: HttpRequest) -> HttpResponse:
    moment, tree, position = timezone.now(), Tree(), position_of(request)
    kind, sort = tree.by_slug.get(request.GET.get("cat", "")), request.GET.get("sort", "")
    by_ending = sort == ENDING
    kinds = [row.pk for row in (kind, *tree.below(kind))] if kind else []
    found = deals_around(position, moment, kinds=kinds, by_ending=by_ending)
    slug = kind.slug if kind else ""
    context = {
        "deals": found[:PAGE],
        "position": position,
        "sorts": [
            Chip("sort-distance", _("Nearest"), _to(slug, ""), not by_ending),
            Chip("sort-ending", _("Ending first"), _to(slug, ENDING), by_ending),
        ],
        "kinds": [
            Chip(f"cat-{row.slug}", row.name, _to("" if row == kind else row.slug, sort), row == kind)
            for row in tree.roots
            if not row.is_discovery_only
        ],
    }
    return render_page(request, "consumers/deals.html", context)


def _to(category: str, sort: str) -> str:
    pairs = [("cat", category), ("sort", ENDING if sort == ENDING else "")]
    query = urlencode([pair for pair in pairs if pair[1]])
    return reverse("consumers:deals") + (f"?{query}" if query else "")
