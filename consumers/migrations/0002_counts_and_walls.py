"""A shop's reviews are counted where they are written; a letter stays in its conversation's merchant."""

from django.db import migrations

from portal.kernel.migrating import function, walls

# The function behind the reviews' triggers counts a shop's reviews anew, one writer after the other: one shop
# after the other by key, each held until the transaction ends. Two reviews at once wait for each other here,
# and the second one counts with a fresh snapshot what the first one wrote.
COUNT = """
CREATE FUNCTION consumers_count_reviews(shops bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM merchants_shop WHERE id = ANY(shops) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO consumers_score AS s (shop_id, kind, count, stars, stars_sum, service_sum, service_count,
        environment_sum, environment_count, value_sum, value_count)
    SELECT shop, k.kind, count(r.id),
           jsonb_build_array(count(*) FILTER (WHERE r.stars = 1), count(*) FILTER (WHERE r.stars = 2),
               count(*) FILTER (WHERE r.stars = 3), count(*) FILTER (WHERE r.stars = 4),
               count(*) FILTER (WHERE r.stars = 5)),
           coalesce(sum(r.stars), 0), coalesce(sum(r.service), 0), count(r.service),
           coalesce(sum(r.environment), 0), count(r.environment), coalesce(sum(r.value), 0), count(r.value)
    FROM unnest(shops) AS shop
    CROSS JOIN (VALUES ('verified'), ('ordinary')) AS k (kind)
    LEFT JOIN consumers_review r ON r.shop_id = shop AND r.kind = k.kind AND r.state = 'shown'
    GROUP BY shop, k.kind
    ON CONFLICT (shop_id, kind) DO UPDATE SET
        count = excluded.count, stars = excluded.stars, stars_sum = excluded.stars_sum,
        service_sum = excluded.service_sum, service_count = excluded.service_count,
        environment_sum = excluded.environment_sum, environment_count = excluded.environment_count,
        value_sum = excluded.value_sum, value_count = excluded.value_count;
    UPDATE merchants_shop shop
    SET rating = CASE WHEN s.count >= 5 THEN round(s.stars_sum::numeric / s.count, 2) END,
        rating_count = s.count
    FROM consumers_score s
    WHERE s.shop_id = shop.id AND s.kind = 'verified' AND shop.id = ANY(shops)
      AND (shop.rating, shop.rating_count) IS DISTINCT FROM
          (CASE WHEN s.count >= 5 THEN round(s.stars_sum::numeric / s.count, 2) END, s.count);
END $$
"""


class Migration(migrations.Migration):
    replaces = [("consumers", "0002_scores")]
    dependencies = [("consumers", "0001_reviews_talk_and_interests")]
    operations = [
        function(COUNT),
        walls(
            (
                "consumers_letter",
                "letter_stays_in_its_conversation",
                "conversation_id",
                "consumers_conversation",
            )
        ),
    ]
