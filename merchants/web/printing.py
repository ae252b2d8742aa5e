"""The print kit: a poster with the shop's code and the hours for its window, as a page and as PDF."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone

from merchants.actions.days import today_at
from merchants.codes import poster_code
from merchants.models import Shop
from merchants.opening import week
from merchants.sheets import pdf_of
from merchants.web.access import MerchantRequest
from merchants.web.step_page import EDITS, shop_or_404
from portal.kernel.access import allow
from portal.kernel.codes import code_url, qr_svg
from portal.kernel.web import render_page

SHEETS = {"poster": "merchants/sheet_poster.html", "hours": "merchants/sheet_hours.html"}


@allow(GET=EDITS)
def share_kit(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """Everything that brings people to the shop: its links, its sheets, its pictures."""
    return render_page(request, "merchants/share_kit.html", _links(shop_or_404(request, shop)))


def _links(shop: Shop) -> dict[str, Any]:
    if not shop.published_at:
        raise Http404
    token = poster_code(shop)
    plain = f"{settings.SITE_URL}{shop.get_absolute_url()}"
    return {"shop": shop, "code": token, "link": code_url(token), "plain_link": plain}


@allow(GET=EDITS)
def sheet(request: MerchantRequest, merchant: str, shop: str, sheet: str) -> HttpResponse:
    """The page to look at and to print from the browser."""
    context = _context(request, shop, sheet)
    return render_page(request, "merchants/print.html", context)


@allow(GET=EDITS)
def sheet_pdf(request: MerchantRequest, merchant: str, shop: str, sheet: str) -> HttpResponse:
    """The same for a copy shop or another day."""
    context = _context(request, shop, sheet)
    content = pdf_of("merchants/sheet.html", context)
    name = f"{context['shop'].slug}-{sheet}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def _context(request: MerchantRequest, slug: str, sheet: str) -> dict[str, Any]:
    row = shop_or_404(request, slug)
    if sheet not in SHEETS:
        raise Http404
    links = _links(row)
    return {
        **links,
        **_hours(row),
        "sheet": sheet,
        "body": SHEETS[sheet],
        "svg": qr_svg(links["link"], print_quality=True),
        "made_on": timezone.localdate(),
    }


def _hours(shop: Shop) -> dict[str, Any]:
    """The usual week and the days to come that differ from it."""
    coming = shop.special_days.of(shop).filter(on__gte=today_at(shop)).exclude(kind="usual")
    return {"week": week.in_words(shop.hours), "special_days": list(coming[:12])}
