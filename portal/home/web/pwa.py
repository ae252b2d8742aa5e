"""What makes the portal an app on a phone: manifest, service worker, the page for no network."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, gettext, override
from django.views.decorators.cache import cache_control, never_cache

from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page

# What every page and the wallet need, with the scripts at most 60 KB compressed; scanner and map are fetched
# where used.
SHELL = (
    "dist/app.css",
    "django_htmx/htmx-2.min.js",
    "js/cards.js",
    "icons/sprite.svg",
    "icons/favicon.svg",
    "covers/empty.svg",
    "covers/patterns.svg",
)
# What the page of a card's code needs besides; kept with the first code.
PARTS = ("js/code.js", "vendor/qrcode/qrcode.mjs")
_IMPORT = re.compile(r'^import "\./([\w./-]+)";', re.MULTILINE)
A_DAY = 24 * 3600
ICON, BADGE = "icons/icon-192.png", "icons/badge-96.png"


def _found(name: str) -> Path:
    return Path(str(finders.find(name)))


def scripts() -> list[str]:
    """The pages' one script and what it imports."""
    return ["js/app.js", *(f"js/{name}" for name in _IMPORT.findall(_found("js/app.js").read_text("utf-8")))]


def shell() -> list[str]:
    """By the names that pages and scripts ask for them: in production with the content's hash."""
    return [reverse("home:offline"), *(static(name) for name in (*SHELL, *scripts()))]


def _source() -> str:
    return _found("js/sw.js").read_text("utf-8")


def _as_of() -> dict[str, str]:
    said = {}
    for language, html in (("zh-hans", "zh-Hans"), ("en", "en")):
        with override(language):
            said[html] = gettext("No connection. As of {time}")
    return said


def worker() -> str:
    """The script with its configuration before it; any change of a kept file makes another version."""
    digest = hashlib.sha256(_source().encode())
    parts = [name for name in PARTS if finders.find(name)]
    for name in (*SHELL, *scripts(), *parts):
        digest.update(_found(name).read_bytes())
    config = {
        "version": digest.hexdigest()[:12],
        "shell": shell(),
        "parts": [static(name) for name in parts],
        "offline": reverse("home:offline"),
        "static": settings.STATIC_URL,
        "asOf": _as_of(),
        "icon": static(ICON),
        "badge": static(BADGE),
        "name": "Street Corner",
    }
    return f"const CONFIG = {json.dumps(config, ensure_ascii=False)};\n{_source()}"


_worker_once = cache(worker)


@allow(GET=anyone)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, so that it may serve every page; asked for anew each time, so that a fix arrives."""
    body = worker() if settings.DEBUG else _worker_once()
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@allow(GET=anyone)
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: it is kept on the phone, where the next person may see it."""
    request.user = AnonymousUser()
    return render_page(request, "offline.html")


@allow(GET=anyone)
@cache_control(public=True, max_age=A_DAY)
def favicon(request: HttpRequest) -> HttpResponse:
    """Asked for by browsers and crawlers wherever a page names no icon."""
    return redirect(static("icons/favicon.ico"))


def _icon(name: str, size: str, purpose: str = "any") -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith("svg") else "image/png"
    return {"src": static(f"icons/{name}"), "sizes": size, "type": kind, "purpose": purpose}


def _shortcut(name: str, url: str) -> dict[str, Any]:
    return {"name": name, "url": url, "icons": [_icon("icon-192.png", "192x192")]}


@allow(GET=anyone)
def manifest(request: HttpRequest) -> HttpResponse:
    body = {
        "id": "/",
        "name": gettext("Street Corner"),
        "short_name": gettext("Street Corner"),
        "description": gettext("Shops around you: prices, opening times, coupons and member cards"),
        "lang": "en" if get_language() == "en" else "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b6b57",
        "icons": [
            _icon("icon-192.png", "192x192"),
            _icon("icon-512.png", "512x512"),
            _icon("maskable-512.png", "512x512", "maskable"),
            _icon("favicon.svg", "any"),
        ],
        "shortcuts": [
            _shortcut(gettext("Member code"), "/me/cards/"),
            _shortcut(gettext("Nearby"), "/nearby/"),
            _shortcut(gettext("Counter"), "/m/"),
        ],
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/manifest+json")
    patch_cache_control(response, public=True, max_age=3600)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
