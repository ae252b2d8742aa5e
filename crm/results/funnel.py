"""How far an offer gets: told, seen, claimed, redeemed, and the sales it was used on.

The whole and its parts by way, outlet, level and day come out of the same few statements, so a number is
the length of the list that it opens. Undone uses count nowhere; goods that came back are taken off.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from coupons.models import CouponProgramme, Via
from coupons.narrowing import NO_CARD, Part
from loyalty.models import Level
from merchants.models import Shop
from portal.kernel import dates

# Each row is of one part: at most one of via, day, rank and shop_id says which. Where a holder stands now:
# what level they had at the claim isn't written down anywhere.
_STEPS = """
WITH held AS (
    SELECT c.id, c.via, c.times, (c.claimed_at AT TIME ZONE %(zone)s)::date AS day,
           CASE WHEN k.id IS NULL THEN -1 ELSE coalesce(l.rank, 0) END AS rank
    FROM coupons_coupon c
    LEFT JOIN loyalty_card k ON k.customer_id = c.customer_id AND k.state = 'active'
    LEFT JOIN loyalty_standing s ON s.card_id = k.id
    LEFT JOIN loyalty_level l ON l.id = s.level_id
    WHERE c.merchant_id = %(merchant)s AND c.programme_id = %(programme)s
      AND (c.customer_id IS NOT NULL OR c.times > 0)
), used AS (
    SELECT held.id AS coupon_id, held.via, held.rank, (r.redeemed_at AT TIME ZONE %(zone)s)::date AS day,
           r.shop_id, r.discount, coalesce(p.paid, r.bill - r.discount) - coalesce(back.amount, 0) AS paid
    FROM held
    JOIN coupons_redemption r ON r.coupon_id = held.id AND r.undone_at IS NULL
    LEFT JOIN orders_purchase p ON p.redemption_id = r.id
    LEFT JOIN LATERAL (
        SELECT sum(t.amount) AS amount FROM orders_purchaseline n
        JOIN orders_return t ON t.line_id = n.id WHERE n.purchase_id = p.id
    ) AS back ON true
    WHERE held.times > 0
)
SELECT 'seen', via, seen_on, NULL::int, NULL::bigint, sum(times), NULL::bigint, NULL::bigint, NULL::bigint
FROM coupons_sighting WHERE programme_id = %(programme)s GROUP BY GROUPING SETS ((), (via), (seen_on))
UNION ALL
SELECT 'claimed', via, day, rank, NULL, count(*), NULL, NULL, NULL
FROM held GROUP BY GROUPING SETS ((), (via), (day), (rank))
UNION ALL
SELECT 'used', via, day, rank, shop_id, count(DISTINCT coupon_id), count(*), sum(discount), sum(paid)
FROM used GROUP BY GROUPING SETS ((), (via), (day), (rank), (shop_id))
"""
_COUNTED = {"seen": ["seen"], "claimed": ["claimed"], "used": ["redeemed", "sales", "discount", "takings"]}
_OTHERS = """
SELECT count(*), coalesce(sum(p.paid), 0) FROM orders_purchase p
LEFT JOIN coupons_redemption r ON r.id = p.redemption_id
LEFT JOIN coupons_coupon c ON c.id = r.coupon_id
WHERE p.merchant_id = %(merchant)s AND p.undone_at IS NULL AND p.made_at >= %(starts)s
  AND p.made_at < %(ends)s AND c.programme_id IS DISTINCT FROM %(programme)s
"""


@dataclass(frozen=True)
class Step:
    """One part of the funnel, or the whole. Money in minor units; None: not known by this part."""

    part: Part
    name: str = ""
    seen: int | None = None
    claimed: int | None = None
    redeemed: int = 0
    sales: int = 0
    discount: int = 0
    takings: int = 0

    @property
    def average(self) -> int:
        return self.takings // self.sales if self.sales else 0


@dataclass(frozen=True)
class Funnel:
    """``others``: how many other sales the merchant made while the offer ran, and their takings."""

    whole: Step
    ways: list[Step]
    shops: list[Step]
    levels: list[Step]
    days: list[Step]
    others: tuple[int, int]

    @property
    def average_of_others(self) -> int:
        number, takings = self.others
        return takings // number if number else 0


def whole_of(programme: CouponProgramme) -> Step:
    return _steps(programme)[Part()]


def funnel_of(programme: CouponProgramme) -> Funnel:
    """Five statements however many rows there are."""
    steps = _steps(programme)
    whole = steps.pop(Part())
    levels = {one.rank: one.title for one in Level.objects.filter(merchant=programme.merchant_id)}
    levels.setdefault(0, _("With a card"))  # of a merchant without levels
    levels[NO_CARD] = _("Without a card")
    shops = {one.pk: one.title for one in Shop.objects.filter(merchant=programme.merchant_id)}
    order = list(Via.values)
    ways = [step for part, step in steps.items() if part.via]
    ranks = [step for part, step in steps.items() if part.level is not None]
    days = [step for part, step in steps.items() if part.day]
    return Funnel(
        whole=whole,
        ways=_named(sorted(ways, key=lambda one: order.index(one.part.via)), dict(Via.choices), "via"),
        shops=_named([step for part, step in steps.items() if part.shop is not None], shops, "shop"),
        levels=_named(sorted(ranks, key=lambda one: one.part.level or 0), levels, "level"),
        days=[
            replace(one, name=dates.day(one.part.day))
            for one in sorted(days, key=lambda one: one.part.day or date.min)
            if one.part.day
        ],
        others=_others(programme),
    )


def _named(steps: list[Step], names: dict[Any, Any], key: str) -> list[Step]:
    return [replace(one, name=str(names.get(getattr(one.part, key), ""))) for one in steps]


def _steps(programme: CouponProgramme) -> dict[Part, Step]:
    """The whole under the empty part; each other one under what it is a part of."""
    facts: dict[str, int | str] = {
        "programme": programme.pk,
        "merchant": programme.merchant_id,
        "zone": programme.merchant.zone,
    }
    found: dict[Part, Step] = {Part(): Step(Part(), seen=0, claimed=0)}
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, facts)
        for step, via, day, rank, shop, *counts in cursor.fetchall():
            part = Part(via=via or "", level=rank, shop=shop, day=day)
            numbers: dict[str, Any] = {
                name: int(count or 0) for name, count in zip(_COUNTED[step], counts, strict=False)
            }
            found[part] = replace(found.get(part, _blank(part)), **numbers)
    return found


def _blank(part: Part) -> Step:
    """Nobody's level or outlet is known when an offer is only looked at, nor the outlet at a claim."""
    return Step(
        part,
        seen=None if part.level is not None or part.shop is not None else 0,
        claimed=None if part.shop is not None else 0,
    )


def _others(programme: CouponProgramme) -> tuple[int, int]:
    facts = {"merchant": programme.merchant_id, "programme": programme.pk}
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, facts | {"starts": programme.starts_at, "ends": programme.ends_at})
        number, takings = cursor.fetchone()
        return int(number), int(takings)
