"""What must hold of reviews, usual areas and conversations at all times."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


@invariant(
    "I21", _("a verified review has a standing purchase of its writer within 30 days, one per purchase")
)
def verified_reviews_have_purchases() -> str:
    return """
        SELECT r.id FROM consumers_review r
        LEFT JOIN orders_purchase p ON p.id = r.purchase_id
        LEFT JOIN merchants_customer c ON c.id = p.customer_id
        WHERE r.kind = 'verified' AND (p.id IS NULL OR c.user_id IS DISTINCT FROM r.person_id
            OR p.made_at > r.written_at OR r.written_at > p.made_at + interval '30 days'
            OR (p.undone_at IS NOT NULL AND p.undone_at < now() - interval '15 minutes')
            OR EXISTS (SELECT FROM consumers_review o WHERE o.purchase_id = r.purchase_id AND o.id <> r.id))
    """


@invariant("I51", _("what a shop’s score says is what its shown reviews add up to"), fast=False)
def scores_are_sums() -> str:
    return """
        SELECT coalesce(s.id, -r.shop_id) FROM consumers_score s
        FULL JOIN (
            SELECT shop_id, kind, count(*) AS count, sum(stars) AS stars,
                   jsonb_build_array(count(*) FILTER (WHERE stars = 1), count(*) FILTER (WHERE stars = 2),
                       count(*) FILTER (WHERE stars = 3), count(*) FILTER (WHERE stars = 4),
                       count(*) FILTER (WHERE stars = 5)) AS each,
                   coalesce(sum(service), 0) AS service, count(service) AS services,
                   coalesce(sum(environment), 0) AS environment, count(environment) AS environments,
                   coalesce(sum(value), 0) AS value, count(value) AS values
            FROM consumers_review WHERE state = 'shown' GROUP BY shop_id, kind
        ) r ON r.shop_id = s.shop_id AND r.kind = s.kind
        WHERE (coalesce(s.count, 0), coalesce(s.stars_sum, 0), coalesce(s.stars, '[0,0,0,0,0]'),
               s.service_sum, s.service_count, s.environment_sum, s.environment_count,
               s.value_sum, s.value_count)
            IS DISTINCT FROM
              (coalesce(r.count, 0), coalesce(r.stars, 0), coalesce(r.each, '[0,0,0,0,0]'),
               coalesce(r.service, 0), coalesce(r.services, 0), coalesce(r.environment, 0),
               coalesce(r.environments, 0), coalesce(r.value, 0), coalesce(r.values, 0))
    """


@invariant("I52", _("a shop’s rating is the mean of its verified reviews, from five upwards"), fast=False)
def ratings_are_means() -> str:
    return """
        SELECT shop.id FROM merchants_shop shop
        LEFT JOIN (
            SELECT shop_id, count(*) AS count, avg(stars) AS mean FROM consumers_review
            WHERE state = 'shown' AND kind = 'verified' GROUP BY shop_id
        ) r ON r.shop_id = shop.id
        WHERE (shop.rating_count > 0 OR shop.rating IS NOT NULL OR r.count > 0)
          AND (shop.rating_count <> coalesce(r.count, 0)
            OR shop.rating IS DISTINCT FROM CASE WHEN r.count >= 5 THEN round(r.mean, 2) END)
    """


@invariant("I53", _("nobody reviews a shop they worked for at the time"))
def no_own_praise() -> str:
    return """
        SELECT r.id FROM consumers_review r
        JOIN merchants_shop s ON s.id = r.shop_id
        JOIN merchants_staffmember m ON m.merchant_id = s.merchant_id AND m.user_id = r.person_id
        WHERE m.joined_at < r.written_at AND r.state IN ('shown', 'held')
    """


@invariant("I54", _("a review says that it was answered when it was"))
def answers_are_noted() -> str:
    return """
        SELECT r.id FROM consumers_review r LEFT JOIN consumers_reply a ON a.review_id = r.id
        WHERE (r.answered_at IS NULL) <> (a.id IS NULL)
    """


@invariant("I55", _("a report that waits for staff is in the queue, one that is decided is not"))
def reports_are_queued() -> str:
    return """
        SELECT r.id FROM consumers_review r
        WHERE (r.reported_at IS NOT NULL) <> EXISTS (
            SELECT FROM consumers_report p WHERE p.review_id = r.id AND p.decision_id IS NULL)
    """


@invariant("I30", _("where somebody is or searched is kept only with consent, and no older than 30 days"))
def places_are_agreed_to() -> str:
    return """
        SELECT c.id FROM consumers_areacell c LEFT JOIN consumers_interests i ON i.person_id = c.person_id
        WHERE i.areas_on IS NOT TRUE OR (NOT c.is_own AND c.computed_at < now() - interval '30 days')
        UNION ALL
        SELECT s.id FROM consumers_searchcell s LEFT JOIN consumers_interests i ON i.person_id = s.person_id
        WHERE i.searches_on IS NOT TRUE OR s."on" < current_date - 32
    """


@invariant("I56", _("what is switched on for usual areas is the last word in the ledger of consents"))
def area_consents_are_the_last_word() -> str:
    return """
        SELECT i.person_id FROM consumers_interests i
        CROSS JOIN (VALUES ('areas'), ('searches')) AS p (purpose)
        LEFT JOIN LATERAL (
            SELECT agreed FROM consumers_areaconsent c
            WHERE c.person_id = i.person_id AND c.purpose = p.purpose ORDER BY c.id DESC LIMIT 1
        ) said ON true
        WHERE coalesce(said.agreed, false)
              <> CASE p.purpose WHEN 'areas' THEN i.areas_on ELSE i.searches_on END
    """


@invariant("W01", _("a conversation waits for its shop exactly while the person has the last word"))
def waits_are_the_last_word() -> str:
    return """
        SELECT c.id FROM consumers_conversation c
        LEFT JOIN LATERAL (
            SELECT from_shop, written_at FROM consumers_letter l
            WHERE l.conversation_id = c.id ORDER BY l.id DESC LIMIT 1
        ) last ON true
        WHERE last.from_shop IS NULL OR (c.waiting_since IS NULL) <> last.from_shop
           OR c.last_at <> last.written_at OR c.waiting_since > last.written_at
    """


@invariant("W02", _("only a person’s own letters and the shop’s team’s stand in a conversation"))
def letters_are_of_the_two() -> str:
    return """
        SELECT l.id FROM consumers_letter l JOIN consumers_conversation c ON c.id = l.conversation_id
        WHERE CASE WHEN l.from_shop THEN NOT EXISTS (
                  SELECT FROM merchants_staffmember m
                  WHERE m.merchant_id = l.merchant_id AND m.user_id = l.by_id)
              ELSE l.by_id <> c.person_id END
    """
