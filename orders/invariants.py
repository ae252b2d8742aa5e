"""What sales promise at all times."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant

# Of purchase p something was given back (or wasn't) although the purchase says otherwise; on a card that was
# merged into another since, only an undoing gives back.
WRONGLY_BACK = """((back.id IS NULL) <> (p.undone_at IS NULL AND p.returned_at IS NULL)
                AND NOT (back.id IS NULL AND p.undone_at IS NULL AND EXISTS (
                    SELECT FROM loyalty_cardmerge m WHERE m.gone_id = p.card_id)))"""


@invariant("I46", _("the lines of a purchase add up to its bill and its discount"))
def lines_add_up() -> str:
    return """
        SELECT p.id FROM orders_purchase p LEFT JOIN orders_purchaseline l ON l.purchase_id = p.id
        GROUP BY p.id, p.bill, p.discount
        HAVING p.bill <> coalesce(sum(l.amount), 0) OR p.discount <> coalesce(sum(l.discount), 0)
    """


@invariant("I47", _("a purchase took off what its redemption gave, and earned what its entry says"))
def purchases_match() -> str:
    return """
        SELECT p.id FROM orders_purchase p
        LEFT JOIN coupons_redemption r ON r.id = p.redemption_id
        LEFT JOIN loyalty_entry e ON e.id = p.entry_id
        LEFT JOIN loyalty_account a ON a.id = e.account_id
        LEFT JOIN (
            SELECT purchase_id, sum(amount) AS amount FROM orders_saving GROUP BY purchase_id
        ) s ON s.purchase_id = p.id
        WHERE p.discount <> coalesce(r.discount, 0) + coalesce(s.amount, 0)
           OR p.bill <> coalesce(r.bill, p.bill)
           OR p.points <> coalesce(e.amount, 0) OR a.card_id <> p.card_id
    """


@invariant("I48", _("an undone purchase has given back its coupon and its points, a standing one has not"))
def undone_whole() -> str:
    return """
        SELECT p.id FROM orders_purchase p
        LEFT JOIN coupons_redemption r ON r.id = p.redemption_id
        LEFT JOIN loyalty_entry back ON back.reverses_id = p.entry_id
        WHERE (p.redemption_id IS NOT NULL AND (r.undone_at IS NULL) <> (p.undone_at IS NULL))
           OR (p.entry_id IS NOT NULL AND (back.id IS NULL) <> (p.undone_at IS NULL))
    """


@invariant("I49", _("every redemption belongs to a purchase"))
def redemptions_have_purchases() -> str:
    return """
        SELECT r.id FROM coupons_redemption r
        WHERE NOT EXISTS (SELECT FROM orders_purchase p WHERE p.redemption_id = r.id)
    """


@invariant(
    "I50", _("a customer’s visits and spending are the purchases that stand, less what came back"), fast=False
)
def sums() -> str:
    return """
        SELECT c.id FROM merchants_customer c
        LEFT JOIN orders_purchase p ON p.customer_id = c.id AND p.undone_at IS NULL
        LEFT JOIN (SELECT customer_id, sum(amount) AS back FROM orders_return GROUP BY customer_id) r
            ON r.customer_id = c.id
        GROUP BY c.id, c.visits, c.spent, c.first_visit_at, c.last_visit_at, r.back
        HAVING c.visits <> count(p.id) OR c.spent <> coalesce(sum(p.paid), 0) - coalesce(r.back, 0)
            OR c.last_visit_at IS DISTINCT FROM max(p.made_at)
            OR c.first_visit_at IS DISTINCT FROM min(p.made_at)
    """


@invariant("I74", _("goods taken back took the points that their return names, from the card or as owed"))
def returns_took_their_points() -> str:
    """On the card that it was then: cards that were merged since keep their entries."""
    return """
        SELECT r.id FROM orders_return r
        LEFT JOIN loyalty_account a ON a.card_id = r.card_id AND a.kind IN ('points', 'debt')
        LEFT JOIN loyalty_entry e ON e.account_id = a.id AND e.key = r.key
        GROUP BY r.id, r.points
        HAVING r.points <> coalesce(sum(CASE a.kind WHEN 'debt' THEN e.amount ELSE -e.amount END), 0)
    """


@invariant(
    "I121", _("what came back of a sale is no more than was paid, and takes its points to the last one")
)
def returns_within_their_sale() -> str:
    return """
        SELECT p.id FROM orders_purchase p JOIN (
            SELECT l.purchase_id, sum(l.points) AS points, sum(l.amount - l.discount) AS paid,
                sum(r.back) AS back, sum(r.points) AS taken, bool_or(r.back > l.amount - l.discount) AS over,
                bool_or(r.elsewhere) AS elsewhere
            FROM orders_purchaseline l LEFT JOIN (
                SELECT o.line_id, sum(o.amount) AS back, sum(o.points) AS points,
                    bool_or(o.merchant_id <> s.merchant_id) AS elsewhere
                FROM orders_return o JOIN orders_purchaseline k ON k.id = o.line_id
                JOIN orders_purchase s ON s.id = k.purchase_id GROUP BY o.line_id
            ) r ON r.line_id = l.id GROUP BY l.purchase_id
        ) s ON s.purchase_id = p.id
        WHERE s.points <> p.points OR s.over OR s.elsewhere OR s.taken > p.points
           OR (s.back IS NOT NULL AND p.undone_at IS NOT NULL)
           OR coalesce(s.back = s.paid, false) <> (p.returned_at IS NOT NULL)
           OR (p.returned_at IS NOT NULL AND s.taken <> p.points)
    """


@invariant("I18", _("nobody has rung up their own card or coupon"))
def self_dealing() -> str:
    return """
        SELECT p.id FROM orders_purchase p
        LEFT JOIN merchants_customer c ON c.id = p.customer_id
        LEFT JOIN coupons_redemption r ON r.id = p.redemption_id
        LEFT JOIN coupons_coupon k ON k.id = r.coupon_id
        LEFT JOIN merchants_customer h ON h.id = k.customer_id
        WHERE p.by_id IN (c.user_id, h.user_id)
        UNION ALL
        SELECT r.id FROM orders_return r JOIN merchants_customer c ON c.id = r.customer_id
        WHERE r.by_id = c.user_id
    """


@invariant(
    "I81", _("a purchase with a card counts towards its level until it is undone or all of it came back")
)
def purchases_count() -> str:
    return f"""
        SELECT p.id FROM orders_purchase p
        LEFT JOIN loyalty_consumption k ON k.merchant_id = p.merchant_id AND k.key = p.key
        LEFT JOIN loyalty_consumption back ON back.reverses_id = k.id
        WHERE p.card_id IS NOT NULL AND (
            k.id IS NULL OR k.card_id <> p.card_id OR k.amount <> p.paid OR k.points <> p.points
            OR {WRONGLY_BACK}
            OR back.amount + k.amount <> 0 OR back.points + k.points <> 0)
    """  # noqa: S608 - a constant of ours


@invariant(
    "I82",
    _("what level and points took off a purchase is shared over its lines, and the points come back with it"),
)
def savings_match() -> str:
    return f"""
        SELECT s.id FROM orders_saving s JOIN orders_purchase p ON p.id = s.purchase_id
        LEFT JOIN loyalty_entry e ON e.id = s.entry_id
        LEFT JOIN loyalty_account a ON a.id = e.account_id
        LEFT JOIN loyalty_entry back ON back.reverses_id = e.id
        LEFT JOIN (
            SELECT purchase_id, sum(level_off) AS level, sum(points_off) AS points
            FROM orders_purchaseline GROUP BY purchase_id
        ) l ON l.purchase_id = p.id
        WHERE s.amount <> CASE s.kind WHEN 'level' THEN l.level ELSE l.points END
           OR e.amount >= 0 OR a.card_id <> p.card_id
           OR (e.id IS NOT NULL AND {WRONGLY_BACK})
    """  # noqa: S608 - a constant of ours


@invariant("I76", _("a purchase paid from the card is paid whole, and given back with its undoing"))
def tenders_pay_whole() -> str:
    return """
        SELECT p.id FROM orders_purchase p
        JOIN orders_tender t ON t.purchase_id = p.id
        JOIN loyalty_entry e ON e.id = t.entry_id
        LEFT JOIN loyalty_entry back ON back.reverses_id = e.id
        GROUP BY p.id, p.paid, p.undone_at
        HAVING sum(t.amount) <> p.paid OR bool_or(t.kind <> 'visits' AND t.amount <> -e.amount)
            OR bool_or((back.id IS NULL) <> (p.undone_at IS NULL))
    """


@invariant("I141", _("a visit by a pass is one sale, worth what the pass has earned by it"))
def visits_are_sales() -> str:
    return """
        SELECT v.id FROM loyalty_passvisit v
        LEFT JOIN orders_tender t ON t.entry_id = v.entry_id
        LEFT JOIN orders_purchase p ON p.id = t.purchase_id
        WHERE t.id IS NULL OR t.kind <> 'visits' OR t.amount <> v.worth OR p.paid <> v.worth
           OR p.merchant_id <> v.merchant_id
    """


@invariant(
    "I125", _("a coupon kept by a till without a network is settled as what was kept, or counted as paid")
)
def kept_coupons_match() -> str:
    return """
        SELECT u.id FROM orders_offlineuse u JOIN orders_purchase p ON p.id = u.sale_id
        WHERE p.merchant_id <> u.merchant_id OR p.key <> u.nonce OR p.paid <> u.bill - u.given
           OR p.bill <> CASE u.state WHEN 'settled' THEN u.bill ELSE p.paid END
    """
