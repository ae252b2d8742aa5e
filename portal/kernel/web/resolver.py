"""`/q/<token>`: one kind of QR everywhere; where it leads depends on who scans."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.kernel.access import allow, anyone
from portal.kernel.codes import normalise_code, resolve_code
from portal.kernel.models import Code
from portal.kernel.web import render_page


@allow(GET=anyone)
def resolve(request: HttpRequest, token: str) -> HttpResponse:
    known = normalise_code(token)
    code = Code.objects.filter(pk=known).first() if known else None
    where = resolve_code(request, code) if code else None
    if where:
        return redirect(where)
    return render_page(request, "kernel/unknown_code.html", {"token": token[:20]}, status=404)
