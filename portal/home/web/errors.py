"""The page for a fault of ours: no query, no session, and the number under which the log has it."""

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import get_template

from portal.home.context import look


def server_fault(request: HttpRequest) -> HttpResponseServerError:
    context = {"reference": getattr(request, "id", ""), **look(request)}
    return HttpResponseServerError(get_template("500.html").render(context))
