"""How the day goes: one merchant's numbers of today beside the same weekday a week ago.

A day is the shop's own day; a merchant's shops may lie in different zones. Last week is counted up to the
same time of day, so that half a day is never compared with a whole one. Undone sales count nowhere.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from merchants.models import Merchant
from portal.kernel.models import User

_SQL = """
WITH sale AS (
    SELECT p.paid, p.points, p.redemption_id, p.customer_id, p.by_id, c.first_visit_at, p.made_at, local.*
    FROM orders_purchase p
    JOIN merchants_shop s ON s.id = p.shop_id
    LEFT JOIN merchants_customer c ON c.id = p.customer_id
    CROSS JOIN LATERAL (
        SELECT p.made_at AT TIME ZONE s.time_zone AS at,
               %(moment)s AT TIME ZONE s.time_zone AS now,
               c.first_visit_at AT TIME ZONE s.time_zone AS first_at
    ) AS local
    WHERE p.merchant_id = %(merchant)s AND p.undone_at IS NULL
      AND p.made_at <= %(moment)s AND p.made_at > %(moment)s - interval '9 days'
), day AS (
    SELECT *,
           at::date = now::date AS today,
           at::date = now::date - 7 AND at <= now - interval '7 days' AS week_ago
    FROM sale
)
SELECT coalesce(sum(paid) FILTER (WHERE today), 0),
       coalesce(sum(paid) FILTER (WHERE week_ago), 0),
       count(*) FILTER (WHERE today),
       count(*) FILTER (WHERE week_ago),
       count(DISTINCT customer_id) FILTER (WHERE today AND first_at::date = now::date),
       count(DISTINCT customer_id) FILTER (WHERE today AND first_at::date < now::date),
       coalesce(sum(points) FILTER (WHERE today), 0),
       count(redemption_id) FILTER (WHERE today),
       coalesce(sum(paid) FILTER (WHERE today AND by_id = %(by)s), 0),
       count(*) FILTER (WHERE today AND by_id = %(by)s),
       (SELECT min(made_at) FROM orders_purchase WHERE merchant_id = %(merchant)s)
FROM day
"""


@dataclass(frozen=True)
class Today:
    """Money in minor units; ``first_sale_at`` is None before the first sale ever."""

    takings: int
    takings_week_ago: int
    sales: int
    sales_week_ago: int
    new: int
    returning: int
    points: int
    coupons: int
    own_takings: int
    own_sales: int
    first_sale_at: datetime | None

    def has_a_week_behind(self, moment: datetime) -> bool:
        """Whether the same weekday a week ago was already a day of business."""
        return bool(self.first_sale_at and (moment - self.first_sale_at).days >= 7)

    @property
    def takings_change(self) -> int:
        return self.takings - self.takings_week_ago

    @property
    def takings_less(self) -> int:
        return -self.takings_change

    @property
    def direction(self) -> str:
        return "up" if self.takings_change > 0 else "down" if self.takings_change < 0 else ""


def today_of(merchant: Merchant, *, by: User, moment: datetime) -> Today:
    """One query over the last days of sales, whatever their number before."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"merchant": merchant.pk, "by": by.pk, "moment": moment})
        return Today(*cursor.fetchone())
