"""Who may use which page, said where the page is.

Every view declares a policy for each method it answers; the middleware enforces it, other methods
are 405, and a route that declares nothing fails the system check and the start of the server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.http import url_has_allowed_host_and_scheme

from portal.kernel.models import User

View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Policy:
    """``admit`` returns None for who may pass, else the answer to give; it may raise Http404."""

    name: str
    admit: Callable[[HttpRequest, dict[str, Any]], HttpResponse | None]


class SignedInRequest(HttpRequest):
    """What a view gets that only ``signed_in`` may reach."""

    user: User


def _login(request: HttpRequest) -> HttpResponse:
    """After signing in the person comes back to the page they were on.

    HTMX follows redirects by itself and would swap the sign-in page into a fragment, so it is told
    to leave the page instead.
    """
    htmx = getattr(request, "htmx", None)
    answer = redirect_to_login(_page_of(request, bool(htmx)))
    if htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": answer.headers["Location"]})
    return answer


def _page_of(request: HttpRequest, htmx: bool) -> str:
    """The whole page behind the request: a form's or a fragment's own address is no page to return to."""
    if request.method in SAFE and not htmx:
        return request.get_full_path()
    seen = request.headers.get("HX-Current-URL" if htmx else "Referer", "")
    if not url_has_allowed_host_and_scheme(seen, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(seen)
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def _signed_in(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
    return None if request.user.is_authenticated else _login(request)


def staff(permission: str) -> Policy:
    """Platform staff with a permission, for example ``complaints.view_complaint``."""

    def admit(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return _login(request)
        if not (request.user.is_staff and request.user.has_perm(permission)):
            raise Http404
        return None

    return Policy(f"staff {permission}", admit)


anyone = Policy("anyone", lambda request, kwargs: None)
signed_in = Policy("signed in", _signed_in)
own_guard = Policy(
    "its own guard", lambda request, kwargs: None
)  # admin and allauth pages check for themselves


def allow(**methods: Policy) -> Callable[[View], View]:
    """``@allow(GET=anyone, POST=signed_in)``: the methods a view answers, and to whom."""
    table = dict(methods)
    if "GET" in table:
        table.setdefault("HEAD", table["GET"])

    def declare_on(view: View) -> View:
        view.access = table  # type: ignore[attr-defined]
        return view

    return declare_on


_prefixes: dict[str, dict[str, Policy]] = {}


def declare(prefix: str, **methods: Policy) -> None:
    """For included third-party routes: everything below the path prefix has this policy."""
    _prefixes[prefix] = methods | ({"HEAD": methods["GET"]} if "GET" in methods else {})


def access_of(view: Any, route: str) -> dict[str, Policy] | None:
    if table := getattr(view, "access", None):
        return dict(table)
    for prefix in sorted(_prefixes, key=len, reverse=True):
        if route.startswith(prefix):
            return _prefixes[prefix]
    return None


@dataclass(frozen=True)
class Route:
    path: str
    name: str
    view: Any
    access: dict[str, Policy] | None = field(default=None)


def routes() -> list[Route]:
    """Every route of the portal with its policy, in the order in which they match."""

    def walk(patterns: list[Any], prefix: str, spaces: str) -> list[Route]:
        found: list[Route] = []
        for pattern in patterns:
            path = prefix + str(pattern.pattern).removeprefix("^")
            if isinstance(pattern, URLResolver):
                inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
                found += walk(pattern.url_patterns, path, inner)
            elif isinstance(pattern, URLPattern):
                access = access_of(pattern.callback, path)
                found.append(
                    Route(
                        "/" + path,
                        spaces + (pattern.name or ""),
                        pattern.callback,
                        access,
                    )
                )
        return found

    return walk(get_resolver().url_patterns, "", "")


def undeclared() -> list[Route]:
    return [route for route in routes() if route.access is None]
