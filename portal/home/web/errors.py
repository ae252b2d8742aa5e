"""The page for a fault of ours: no query, no session, and the number under which the log has it.

And the page for a request that is too much or makes no sense: what to do instead.
"""

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template

from portal.home.context import look


def server_fault(request: HttpRequest) -> HttpResponseServerError:
    context = {"reference": getattr(request, "id", ""), **look(request)}
    return HttpResponseServerError(get_template("500.html").render(context))


def cannot_be_read(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing was saved; a thousand photos at once are told the number that fits."""
    context = {
        "many_files": isinstance(exception, TooManyFilesSent),
        "most": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    return render(request, "400.html", context, status=400)
