"""The quiet hours of a weekday: where chairs stay empty, by the shop's own sales of eight weeks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from merchants.models import Merchant

FEWEST_SALES = 40  # of that weekday in eight weeks; below that a lull is chance
AHEAD = 3  # hours
QUIETER = 0.6  # of the weekday's own mean hour

_SQL = """
SELECT extract(hour FROM p.made_at AT TIME ZONE s.time_zone)::int AS hour, count(*),
       extract(hour FROM %(moment)s AT TIME ZONE min(s.time_zone))::int
FROM orders_purchase p JOIN merchants_shop s ON s.id = p.shop_id
WHERE p.merchant_id = %(merchant)s AND p.undone_at IS NULL
  AND p.made_at > %(moment)s - interval '56 days' AND p.made_at < %(moment)s
  AND extract(isodow FROM p.made_at AT TIME ZONE s.time_zone)
    = extract(isodow FROM %(moment)s AT TIME ZONE s.time_zone)
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Lull:
    """The next hours are usually ``less`` percent quieter than the day."""

    begins: int
    ends: int
    less: int


def lull_ahead(merchant: Merchant, moment: datetime) -> Lull | None:
    """None when the next three hours are no quieter than usual, or too few sales tell."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"merchant": merchant.pk, "moment": moment})
        rows = cursor.fetchall()
    sales = {hour: count for hour, count, _now in rows}
    if sum(sales.values()) < FEWEST_SALES:
        return None
    now, first, last = rows[0][2], min(sales), max(sales)
    ahead = range(now, now + AHEAD)
    if ahead[0] < first or ahead[-1] > last:
        return None
    usual = sum(sales.values()) / (last - first + 1)
    share = sum(sales.get(hour, 0) for hour in ahead) / AHEAD / usual
    return Lull(now, now + AHEAD, round(100 * (1 - share))) if share <= QUIETER else None
