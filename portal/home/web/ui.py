"""The living style guide: the design language in one page, in development and demos only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from portal.home.ui import examples
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page


@allow(GET=anyone)
def style_guide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.PORTAL_DEMO):
        raise Http404
    return render_page(request, "home/ui.html", examples())
