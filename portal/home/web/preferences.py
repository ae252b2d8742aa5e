"""Language, appearance, text size: a plain form, kept in cookies, rendered by the server: nothing flashes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from portal.home.actions import speak
from portal.kernel.access import allow, anyone

A_YEAR = 365 * 24 * 3600
CHOICES = {
    settings.LANGUAGE_COOKIE_NAME: {code for code, _ in settings.LANGUAGES},
    "theme": {"auto", "light", "dark"},
    "scale": {"md", "lg"},
}


@allow(POST=anyone)
def preferences(request: HttpRequest) -> HttpResponse:
    """Keeps what was chosen and goes back to the page it was chosen on; unknown values change nothing."""
    response = redirect(_safe(request, request.POST.get("next", "")))
    for name, known in CHOICES.items():
        value = request.POST.get(name, "")
        if value in known:
            response.set_cookie(
                name, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
            if name == settings.LANGUAGE_COOKIE_NAME and request.user.is_authenticated:
                speak(request.user, value)
    return response


def _safe(request: HttpRequest, where: str) -> str:
    ours = url_has_allowed_host_and_scheme(
        where, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return where if ours and where.startswith("/") else "/"
