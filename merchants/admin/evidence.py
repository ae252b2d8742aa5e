"""Evidence as staff see it: never from a public address, a PDF never inside a page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def shown(row: Any, route: str) -> str:
    """A picture in the page, or a link that downloads the PDF."""
    if not row.evidence:
        return _("none")
    url = reverse(route, args=[row.pk])
    if row.evidence.name.endswith(".pdf"):
        return format_html('<a href="{}">{}</a>', url, _("Download the PDF"))
    return format_html('<a href="{0}"><img src="{0}" alt="" class="evidence-picture"></a>', url)


def serve(admin: Any, request: HttpRequest, model: type[models.Model], pk: int) -> FileResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    row: Any = get_object_or_404(model, pk=pk)
    if not row.evidence:
        raise Http404
    pdf = row.evidence.name.endswith(".pdf")
    kind = "application/pdf" if pdf else "image/webp"
    return FileResponse(
        row.evidence.open(), content_type=kind, as_attachment=pdf, filename="evidence.pdf", headers=HEADERS
    )
