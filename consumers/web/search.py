"""Searching by words: suggestions while typing, and the page of results that works without scripts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consumers.finding import LOOKED_AT, Found, find
from consumers.position import position_of
from consumers.rows import rows_of
from consumers.wanted import LONGEST_TEXT, Tree
from consumers.web.following import note_search
from portal.kernel.access import allow, anyone
from portal.kernel.forms import clean_text
from portal.kernel.web import render_page

SUGGESTED_SHOPS = 5
KEPT_SECONDS = 60


@allow(GET=anyone)
def search(request: HttpRequest) -> HttpResponse:
    """Kinds, services and shops that fit the words; before anything is typed, where to begin."""
    moment, tree, position = timezone.now(), Tree(), position_of(request)
    found = find(_typed(request), tree, position, moment)
    if found.text and position.given:
        note_search(request, position.lat, position.lon)
    more = reverse("consumers:nearby") + "?" + urlencode({"q": found.text})
    context = {
        "found": found,
        "position": position,
        "daily": tree.daily(),
        "rows": rows_of(found.shops[:LOOKED_AT], tree.by_key, moment),
        "more": more if len(found.shops) > LOOKED_AT else "",
    }
    return render_page(request, "consumers/search.html", context)


@allow(GET=anyone)
def suggestions(request: HttpRequest) -> HttpResponse:
    """The same as a short list to stand under the field."""
    moment, tree, position = timezone.now(), Tree(), position_of(request)
    found = find(_typed(request), tree, position, moment)
    response = render_page(request, "consumers/suggestions.html", _suggested(found, tree))
    patch_cache_control(response, private=True, max_age=KEPT_SECONDS)
    return response


def _suggested(found: Found, tree: Tree) -> dict[str, Any]:
    shown = found.by_name[:SUGGESTED_SHOPS]
    return {
        "found": found,
        "count": len(found.categories) + len(found.services) + len(shown),
        "categories": [(marked(row.name, found.text), row) for row in found.categories],
        "services": [(marked(one.name, found.text), one) for one in found.services],
        "shops": [
            (marked(shop.title, found.text), shop, tree.by_key[shop.category_id].name) for shop in shown
        ],
    }


def _typed(request: HttpRequest) -> str:
    return " ".join(clean_text(request.GET.get("q", "")[:400]).split())[:LONGEST_TEXT]


def marked(name: str, typed: str) -> SafeString:
    """The name with what was typed marked in it, where it stands there letter by letter."""
    at = name.casefold().find(typed.casefold()) if typed and len(name.casefold()) == len(name) else -1
    if at < 0:
        return format_html("{}", name)
    end = at + len(typed)
    return format_html("{}<mark>{}</mark>{}", name[:at], name[at:end], name[end:])
