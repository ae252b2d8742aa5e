"""Pages for people who come from a search engine: a part of town, and one kind of shop in it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from consumers.areas import area_at, areas
from consumers.cards import for_script
from consumers.landing import SHOWN, landing, path_of
from consumers.rows import rows_of
from consumers.wanted import Tree
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page


@allow(GET=anyone)
def area(request: HttpRequest, area: str, category: str = "") -> HttpResponse:
    """Twenty shops, the most useful first, measured from the middle of the area."""
    moment, tree, place = timezone.now(), Tree(), area_at(area)
    kind = tree.by_slug.get(category)
    if place is None or (category and kind is None):
        raise Http404
    page = landing(place, kind, moment)
    branch = (kind.parent or kind) if kind else None
    kinds = [row for row in tree.below(branch) if row != kind] if branch else tree.daily()
    context = {
        "page": page,
        "rows": rows_of(page.shops[:SHOWN], tree.by_key, moment),
        "canonical": f"{settings.SITE_URL}{page.path}",
        "item_list": for_script(page.item_list),
        "kinds": [(row, path_of(place, row)) for row in kinds],
        "elsewhere": [(other, path_of(other, kind)) for other in areas() if other != place],
    }
    return render_page(request, "consumers/landing.html", context)
