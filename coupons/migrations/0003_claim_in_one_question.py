"""The claim's function knows the customer by the person and answers with the coupon itself.

The verb asks one question where it asked three, which counts when a whole town reaches for one offer.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

BEFORE = import_module("coupons.migrations.0002_claims").CLAIM
CLAIM = """
CREATE FUNCTION coupons_claim(
    programme bigint, person bigint, key uuid, token text, moment timestamptz
) RETURNS TABLE (outcome text, coupon coupons_coupon) LANGUAGE plpgsql AS $$
DECLARE
    offer coupons_couponprogramme;
    customer bigint;
    turn smallint;
BEGIN
    SELECT * INTO STRICT offer FROM coupons_couponprogramme p WHERE p.id = programme;
    SELECT c.id INTO customer FROM merchants_customer c
    WHERE c.merchant_id = offer.merchant_id AND c.user_id = person;

    SELECT * INTO coupon FROM coupons_coupon c WHERE c.customer_id = customer AND c.key = coupons_claim.key;
    IF FOUND THEN
        outcome := CASE WHEN coupon.programme_id = programme THEN 'replay' ELSE 'reused' END;
        RETURN NEXT;
        RETURN;
    END IF;

    IF offer.state <> 'published' OR moment < offer.starts_at OR moment >= offer.ends_at THEN
        outcome := 'closed';
        RETURN NEXT;
        RETURN;
    ELSIF offer.claimed >= offer.stock THEN
        outcome := 'sold out';
        RETURN NEXT;
        RETURN;
    ELSIF customer IS NULL THEN
        outcome := 'stranger';
        RETURN NEXT;
        RETURN;
    END IF;

    FOR attempt IN 1..20 LOOP
        SELECT coalesce(max(c.ordinal), 0) + 1 INTO turn FROM coupons_coupon c
        WHERE c.programme_id = programme AND c.customer_id = customer;
        IF turn > offer.per_person THEN
            -- a double click: the first one may have committed just now
            SELECT * INTO coupon FROM coupons_coupon c
            WHERE c.customer_id = customer AND c.key = coupons_claim.key;
            outcome := CASE WHEN FOUND THEN 'replay' ELSE 'enough' END;
            RETURN NEXT;
            RETURN;
        END IF;
        INSERT INTO coupons_coupon AS c (
            merchant_id, programme_id, customer_id, ordinal, token, state, title, kind, amount_off,
            percent_off, most_off, minimum, valid_from, valid_until, key, claimed_at)
        VALUES (offer.merchant_id, programme, customer, turn, token, 'claimed', offer.title, offer.kind,
                offer.amount_off, offer.percent_off, offer.most_off, offer.minimum, moment, offer.ends_at,
                coupons_claim.key, moment)
        ON CONFLICT DO NOTHING RETURNING * INTO coupon;
        EXIT WHEN FOUND;
        SELECT * INTO coupon FROM coupons_coupon c
        WHERE c.customer_id = customer AND c.key = coupons_claim.key;
        IF FOUND THEN
            outcome := 'replay';
            RETURN NEXT;
            RETURN;
        END IF;
    END LOOP;
    INSERT INTO kernel_code (token, kind, ref) VALUES (token, 'coupon', coupon.id);
    outcome := 'claimed';
    RETURN NEXT;
END $$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("coupons", "0002_claims")]

    operations: ClassVar = [
        migrations.RunSQL(
            ["DROP FUNCTION coupons_claim", CLAIM],
            ["DROP FUNCTION coupons_claim", BEFORE],
        ),
    ]
