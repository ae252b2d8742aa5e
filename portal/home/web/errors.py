"""The page for a fault of ours: it needs no database, and names the request so that it can be found."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponse:
    page = render_to_string("500.html", {"reference": getattr(request, "id", "")})
    return HttpResponse(page, status=500)
