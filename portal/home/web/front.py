"""The front page: a different door for visitor, consumer, merchant and staff."""

from django.http import HttpRequest, HttpResponse

from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page


@allow(GET=anyone)
def front_page(request: HttpRequest) -> HttpResponse:
    return render_page(request, "home/front.html")
