"""What coupons promise at all times."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.invariants import invariant


@invariant(
    "I10", _("redeemed ≤ claimed ≤ stock, each counter is the number of its rows, nobody has too many")
)
def counters() -> str:
    return """
        SELECT p.id FROM coupons_couponprogramme p
        LEFT JOIN (
            SELECT programme_id, count(*) AS claimed, count(*) FILTER (WHERE state = 'redeemed') AS redeemed,
                   max(ordinal) AS most
            FROM coupons_coupon GROUP BY programme_id
        ) c ON c.programme_id = p.id
        WHERE p.claimed <> coalesce(c.claimed, 0) OR p.redeemed <> coalesce(c.redeemed, 0)
           OR p.redeemed > p.claimed OR p.claimed > p.stock OR coalesce(c.most, 0) > p.per_person
    """


@invariant("I11", _("a coupon is used up exactly when the uses of it that stand say so"))
def redemptions() -> str:
    return """
        SELECT c.id FROM coupons_coupon c
        LEFT JOIN coupons_redemption r ON r.coupon_id = c.id AND r.undone_at IS NULL
        GROUP BY c.id
        HAVING c.times <> count(r.id)
            OR c.spent <> CASE c.kind WHEN 'value' THEN coalesce(sum(r.discount), 0) ELSE 0 END
            OR (c.state = 'redeemed') <> CASE c.kind WHEN 'value' THEN c.spent = c.amount_off
                                         ELSE count(r.id) = c.uses END
    """


@invariant("I45", _("coupons were used within their dates and above their minimum"))
def used_within_terms() -> str:
    return """
        SELECT r.id FROM coupons_redemption r JOIN coupons_coupon c ON c.id = r.coupon_id
        WHERE r.redeemed_at < c.valid_from OR r.redeemed_at >= c.valid_until OR r.bill < c.minimum
    """


@invariant("I12", _("coupons were used at their own outlets, and their terms name nobody else’s shops"))
def used_at_their_outlets() -> str:
    return """
        SELECT r.id FROM coupons_redemption r JOIN coupons_coupon c ON c.id = r.coupon_id
        JOIN coupons_couponterms t ON t.id = c.terms_id
        WHERE (cardinality(t.shops) > 0 AND NOT r.shop_id = ANY (t.shops))
           OR EXISTS (
                SELECT FROM merchants_shop s WHERE s.id = ANY (t.shops) AND s.merchant_id <> t.merchant_id)
           OR EXISTS (
                SELECT FROM merchants_service v JOIN merchants_shop s ON s.id = v.shop_id
                WHERE v.id = ANY (t.services) AND s.merchant_id <> t.merchant_id)
    """


@invariant("I124", _("a batch on paper is as many coupons of its own offer as it says, each with its code"))
def batches_are_whole() -> str:
    return """
        SELECT b.id FROM coupons_paperbatch b
        LEFT JOIN coupons_coupon c ON c.batch_id = b.id
        LEFT JOIN kernel_code k ON k.token = c.token AND k.kind = 'coupon' AND k.ref = c.id
        GROUP BY b.id, b.quantity, b.programme_id
        HAVING count(c.id) <> b.quantity OR count(k.token) <> b.quantity
            OR bool_or(c.programme_id <> b.programme_id)
    """
