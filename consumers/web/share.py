"""Pictures for chats: drawn once for the facts that they show, then only read."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation

from consumers.pictures import can_draw, draw, facts_of, picture_path
from merchants.models import Shop
from merchants.shelf import kept
from portal.kernel.access import allow, anyone

A_YEAR = 31_536_000
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@allow(GET=anyone)
def picture(request: HttpRequest, shop: str, shape: str, language: str, digest: str) -> HttpResponse:
    """Only the picture of the present facts is ever drawn; an older address leads to it."""
    row = get_object_or_404(Shop.objects.listed().select_related("category"), slug=shop)
    if not can_draw():
        raise Http404
    with translation.override(LANGUAGES[language]):
        facts = facts_of(row, f"{settings.SITE_URL}{row.get_absolute_url()}")
        if facts.digest != digest:
            return redirect(picture_path(row, facts, shape))
        content = kept(f"share/{row.pk}/{shape}-{language}-{digest}.jpg", lambda: draw(facts, shape))
    headers = {
        "Cache-Control": f"public, max-age={A_YEAR}, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="image/jpeg", headers=headers)
