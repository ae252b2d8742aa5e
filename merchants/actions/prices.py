"""How dear a shop is among those of its kind: 1 below the usual, 2 usual, 3 above it."""

from django.db import connection, transaction

LEAST_SHOPS = 5  # of a kind with a price list, else nobody can say what is usual

# A shop's own price is the middle one of its list; a kind's third parts divide its shops' prices.
GRADE = """
WITH typical AS (
    SELECT shop.id, category_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS price
    FROM merchants_service JOIN merchants_shop AS shop ON shop.id = shop_id
    WHERE removed_at IS NULL AND is_listed GROUP BY shop.id
), usual AS (
    SELECT category_id, percentile_cont(1 / 3.0) WITHIN GROUP (ORDER BY price) AS from_price,
           percentile_cont(2 / 3.0) WITHIN GROUP (ORDER BY price) AS to_price
    FROM typical GROUP BY category_id HAVING count(*) >= %s
), graded AS (
    SELECT id, CASE WHEN price < from_price THEN 1 WHEN price <= to_price THEN 2 ELSE 3 END AS level
    FROM typical JOIN usual USING (category_id)
), changed AS (
    SELECT shop.id, level FROM merchants_shop AS shop LEFT JOIN graded USING (id)
    WHERE (price_level IS NOT NULL OR level IS NOT NULL) AND price_level IS DISTINCT FROM level
    ORDER BY id FOR NO KEY UPDATE OF shop
)
UPDATE merchants_shop AS shop SET price_level = level FROM changed WHERE changed.id = shop.id
"""


@transaction.atomic
def grade_prices() -> int:
    """Work out every shop's price level again. Returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(GRADE, [LEAST_SHOPS])
        return cursor.rowcount
