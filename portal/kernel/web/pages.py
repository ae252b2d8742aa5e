"""Rendering for whole pages and for the pieces that HTMX swaps."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def client_address(request: HttpRequest) -> str:
    """Where the request came from; behind our own proxy, what that proxy saw (the last entry)."""
    if settings.BEHIND_PROXY and (seen := request.headers.get("X-Forwarded-For", "")):
        return seen.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or only its partial ``fragment`` when HTMX asked to replace that id."""
    htmx = getattr(request, "htmx", None)
    only_piece = bool(fragment and htmx and not htmx.boosted and htmx.target == fragment)
    name = f"{template}#{fragment}" if only_piece else template
    response = render(request, name, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
