"""What a listing rests on: every fact with its source, how complete it is and how fresh."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from merchants.models import Provenance, Shop
from merchants.trust.completeness import completeness, next_best, parts_of
from merchants.trust.freshness import HALF_LIFE, freshness, grade
from merchants.trust.sources import told_of
from portal.kernel.access import allow, anyone
from portal.kernel.web import render_page


@allow(GET=anyone)
def about(request: HttpRequest, shop: str) -> HttpResponse:
    row = get_object_or_404(Shop.objects.listed().select_related("category"), slug=shop)
    moment = timezone.now()
    context = {
        "shop": row,
        "facts": told_of(row, Provenance.objects.of(row)),
        "completeness": completeness(row),
        "parts": [(part, part.is_on(row)) for part in parts_of(row)],
        "next": next_best(row),
        "freshness": round(100 * freshness(row.confirmed_at, moment)),
        "grade": grade(row.confirmed_at, moment),
        "half_life": HALF_LIFE.days,
    }
    return render_page(request, "merchants/about_listing.html", context)
