"""The front page: a different door for visitor, consumer, merchant and staff; and a person's own things."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consumers.areas import areas
from consumers.landing import path_of
from consumers.position import position_of
from consumers.rows import rows_of
from consumers.wanted import Tree, Wanted
from portal.home.person import person_of
from portal.kernel.access import allow, anyone, signed_in
from portal.kernel.web import render_page

NEARBY_SHOWN = 10


@allow(GET=anyone)
def front_page(request: HttpRequest) -> HttpResponse:
    moment, tree, position = timezone.now(), Tree(), position_of(request)
    found = Wanted(open=True).near(position, moment, NEARBY_SHOWN)
    person = person_of(request.user, moment) if request.user.is_authenticated else None
    if person:
        request.standing = person.standing  # type: ignore[attr-defined]  # the frame need not ask again
    context = {
        "person": person,
        "position": position,
        "categories": tree.daily(),
        "rows": rows_of(found, tree.by_key, moment),
        "areas": [(area, path_of(area, None)) for area in areas()],
    }
    return render_page(request, "home/front.html", context)


@allow(GET=signed_in)
def me(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user, timezone.now())  # type: ignore[arg-type]
    request.standing = person.standing  # type: ignore[attr-defined]
    return render_page(request, "home/me.html", {"person": person})
