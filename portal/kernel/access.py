"""Who may use which page, said where the page is.

Every view declares a policy for each method it answers; the middleware enforces it, other methods
are 405, and a route that declares nothing fails the system check and the start of the server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

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
    """After signing in the person comes back here; a form's address would be useless, so its page."""
    where = request.get_full_path() if request.method in SAFE else request.META.get("HTTP_REFERER", "/")
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": f"{settings.SITE_URL}/accounts/login/"})
    return redirect_to_login(where if where.startswith("/") else "/")


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


def refuse_undeclared() -> None:
    if missing := undeclared():
        raise ImproperlyConfigured("routes without a policy: " + ", ".join(route.path for route in missing))
