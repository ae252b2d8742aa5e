"""Rendering for whole pages and for the pieces that HTMX swaps; long lists in pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

M = TypeVar("M", bound=models.Model)


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


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows of a long list; ``more`` is the query string of the next ones, empty at the end."""

    rows: list[M]
    more: str

    def __iter__(self) -> Iterator[M]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    queryset: models.QuerySet[M], request: HttpRequest, *, size: int = 50, newest_by: str = ""
) -> Page[M]:
    """The rows behind ``?after=``, newest first: by the time ``newest_by`` (unknown last), then by key.

    Reads ``size`` + 1 rows wherever it stands and never counts; an unreadable ``after`` is the first page.
    """
    rows = list(_behind(queryset, request.GET.get("after", ""), newest_by)[: size + 1])
    if len(rows) <= size:
        return Page(rows, "")
    last, query = rows[size - 1], request.GET.copy()
    moment = getattr(last, newest_by) if newest_by else None
    query["after"] = f"{moment.isoformat() if moment else ''}_{last.pk}"
    return Page(rows[:size], query.urlencode())


def _behind(queryset: models.QuerySet[M], after: str, newest_by: str) -> models.QuerySet[M]:
    order = [models.F(newest_by).desc(nulls_last=True)] if newest_by else []
    ordered = queryset.order_by(*order, "-pk")
    said, _, key = after.rpartition("_")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return ordered
    lower_key = models.Q(pk__lt=int(key))
    if not newest_by:
        return ordered.filter(lower_key)
    try:
        moment = parse_datetime(said) if said else None
    except ValueError:
        return ordered
    if said and (moment is None or is_naive(moment)):
        return ordered
    if moment is None:
        return ordered.filter(lower_key, **{f"{newest_by}__isnull": True})
    same = models.Q(**{newest_by: moment}) & lower_key
    older = models.Q(**{f"{newest_by}__lt": moment}) | models.Q(**{f"{newest_by}__isnull": True})
    return ordered.filter(same | older)
