"""What happens to every request: an id, the person's language and zone, the audit context, the policy."""

import re
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pghistory
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from portal.kernel.access import access_of
from portal.kernel.crypto import blind_index
from portal.kernel.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestId:
    """One id from the edge to the log line; shown to the person on an error page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        token = request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class PersonalSettings:
    """Times in the person's own zone; pages of a signed-in person are nobody else's to keep."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        zone = request.user.time_zone if signed_in else settings.HOME_TIME_ZONE  # type: ignore[union-attr]
        with timezone.override(ZoneInfo(zone)):
            response = self.get_response(request)
        if signed_in and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        if request.user.is_authenticated:  # still, or since this request
            response["X-Person"] = _name_for_the_browser(request.user.pk)
        return response


def _name_for_the_browser(person_id: int) -> str:
    """Opaque: the service worker compares it, to leave nothing of one person to the next."""
    return blind_index(f"browser/{person_id}").hex()[:16]


class AuditContext:
    """Who, from where and by which request: kept beside each audited change made by it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        who = request.user.pk if request.user.is_authenticated else None
        facts = {
            "user": who,
            "request": request.id,  # type: ignore[attr-defined]
            "path": request.path[:200],
            "address": request.META.get("REMOTE_ADDR", ""),
        }
        with pghistory.context(**facts):
            return self.get_response(request)


class Access:
    """Enforces what the view declared, before anything of the view runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        table = access_of(view, match.route if match else "")
        if table is None:
            raise PermissionError(f"{request.path} declares no policy")
        if request.method not in table:
            return HttpResponseNotAllowed(sorted(table))
        return table[request.method].admit(request, kwargs)
