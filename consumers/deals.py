"""All coupons running around a point, each at its merchant's nearest shop."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils.translation import get_language

from consumers.position import Position
from coupons.models import CouponProgramme, ProgrammeState
from coupons.questions import own_offers
from portal.kernel.models import User

FARTHEST_M = 50_000
SHOPS = 200  # the nearest ones with an offer
SOON = timedelta(hours=24)

# Only claimed shops have offers: an index of their own keeps a million listings out of the walk outwards.
AROUND = """
    SELECT slug, name, name_en, programme, ST_Distance(location, here) AS metres FROM (
        SELECT shop.id, slug, name, name_en, location, merchant_id, here
        FROM (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography AS here) AS asked,
            LATERAL (
                SELECT * FROM merchants_shop AS shop
                WHERE is_listed AND merchant_id IS NOT NULL {kinds}
                    AND location && _ST_Expand(here, %(within)s)
                    AND EXISTS (SELECT FROM coupons_couponprogramme AS running WHERE {running})
                ORDER BY location <-> here LIMIT %(shops)s
            ) AS shop
    ) AS shop, LATERAL (
        SELECT id AS programme FROM coupons_couponprogramme AS running WHERE {running}
    ) AS offer
    ORDER BY metres, shop.id, programme
"""
RUNNING = (
    "running.merchant_id = shop.merchant_id AND state = %(published)s"
    " AND starts_at <= %(now)s AND ends_at > %(now)s AND claimed < stock"
    " AND (running.id = ANY(%(own)s) OR EXISTS ("
    "SELECT FROM coupons_couponterms AS terms WHERE terms.id = running.terms_id AND audience = 'anyone'))"
)


@dataclass(frozen=True)
class Deal:
    """A running programme and the nearest shop that honours it."""

    programme: CouponProgramme
    slug: str
    shop: str
    metres: float
    ends_soon: bool


def statement(
    lat: float, lon: float, moment: datetime, kinds: Sequence[int], own: Collection[int] = ()
) -> tuple[str, dict[str, Any]]:
    """``own``: of the offers that aren't for anyone, those that are for whoever asks."""
    chosen = "AND category_id = ANY(%(kinds)s)" if kinds else ""
    values = {
        "lat": lat,
        "lon": lon,
        "now": moment,
        "within": FARTHEST_M,
        "shops": SHOPS,
        "kinds": list(kinds),
        "own": list(own),
    }
    return AROUND.format(kinds=chosen, running=RUNNING), values | {"published": ProgrammeState.PUBLISHED}


def deals_around(
    position: Position,
    moment: datetime,
    *,
    to: User | AnonymousUser,
    kinds: Sequence[int] = (),
    by_ending: bool = False,
) -> list[Deal]:
    """The nearest first, or the first to end; only what the visitor can claim. Two queries, and up to three
    more for somebody who is some shop's customer.
    """
    own = own_offers(to, CouponProgramme.objects.claimable_at(moment), moment)
    with connection.cursor() as cursor:
        cursor.execute(*statement(position.lat, position.lon, moment, kinds, own))
        rows = cursor.fetchall()
    nearest = {row[3]: row for row in reversed(rows)}  # nearest last: it stays
    programmes = CouponProgramme.objects.filter(pk__in=nearest).select_related("merchant").in_bulk()
    english = (get_language() or "").startswith("en")
    deals = [
        Deal(
            programme=programmes[key],
            slug=slug,
            shop=name_en if english and name_en else name,
            metres=metres,
            ends_soon=programmes[key].ends_at - moment <= SOON,
        )
        for slug, name, name_en, key, metres in nearest.values()
        if key in programmes
    ]
    distance, ending = (lambda deal: deal.metres), (lambda deal: deal.programme.ends_at)
    first, then = (ending, distance) if by_ending else (distance, ending)
    return sorted(deals, key=lambda deal: (first(deal), then(deal), deal.programme.pk))
