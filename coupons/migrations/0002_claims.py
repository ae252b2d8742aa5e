"""The claim's function, and the walls that keep a coupon's rows in its own merchant."""

from typing import ClassVar

from django.db import migrations

# Look without a lock, then insert. The programme's counter, the row everybody waits for, is moved by
# the verb as its very last statement. Two claims of one person at once collide on the ordinal: the
# second waits for the first to commit and then counts again.
CLAIM = """
CREATE FUNCTION coupons_claim(
    programme bigint, customer bigint, key uuid, token text, moment timestamptz
) RETURNS TABLE (outcome text, coupon bigint) LANGUAGE plpgsql AS $$
DECLARE
    offer coupons_couponprogramme;
    earlier coupons_coupon;
    turn smallint;
BEGIN
    SELECT * INTO earlier FROM coupons_coupon c WHERE c.customer_id = customer AND c.key = coupons_claim.key;
    IF FOUND THEN
        RETURN QUERY SELECT CASE WHEN earlier.programme_id = programme THEN 'replay' ELSE 'reused' END, earlier.id;
        RETURN;
    END IF;

    SELECT * INTO STRICT offer FROM coupons_couponprogramme p WHERE p.id = programme;
    IF offer.state <> 'published' OR moment < offer.starts_at OR moment >= offer.ends_at THEN
        RETURN QUERY SELECT 'closed', NULL::bigint;
        RETURN;
    ELSIF offer.claimed >= offer.stock THEN
        RETURN QUERY SELECT 'sold out', NULL::bigint;
        RETURN;
    END IF;

    FOR attempt IN 1..20 LOOP
        SELECT coalesce(max(c.ordinal), 0) + 1 INTO turn FROM coupons_coupon c
        WHERE c.programme_id = programme AND c.customer_id = customer;
        IF turn > offer.per_person THEN
            -- a double click: the first one may have committed just now
            SELECT c.id INTO coupon FROM coupons_coupon c
            WHERE c.customer_id = customer AND c.key = coupons_claim.key;
            RETURN QUERY SELECT CASE WHEN coupon IS NULL THEN 'enough' ELSE 'replay' END, coupon;
            RETURN;
        END IF;
        INSERT INTO coupons_coupon AS c (
            merchant_id, programme_id, customer_id, ordinal, token, state, title, kind, amount_off,
            percent_off, most_off, minimum, valid_from, valid_until, key, claimed_at)
        VALUES (offer.merchant_id, programme, customer, turn, token, 'claimed', offer.title, offer.kind,
                offer.amount_off, offer.percent_off, offer.most_off, offer.minimum, moment, offer.ends_at,
                coupons_claim.key, moment)
        ON CONFLICT DO NOTHING RETURNING c.id INTO coupon;
        IF coupon IS NULL THEN
            SELECT * INTO earlier FROM coupons_coupon c
            WHERE c.customer_id = customer AND c.key = coupons_claim.key;
            IF FOUND THEN
                RETURN QUERY SELECT 'replay', earlier.id;
                RETURN;
            END IF;
        END IF;
        EXIT WHEN coupon IS NOT NULL;
    END LOOP;
    INSERT INTO kernel_code (token, kind, ref) VALUES (token, 'coupon', coupon);
    RETURN QUERY SELECT 'claimed', coupon;
END $$
"""


def wall(table: str, name: str, columns: str, parent: str) -> migrations.RunSQL:
    """A foreign key that carries the tenant, in place of the plain one."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {parent} (merchant_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("coupons", "0001_initial"), ("kernel", "0001_initial")]

    operations: ClassVar = [
        wall(
            "coupons_coupon",
            "coupon_stays_with_its_programme",
            "merchant_id, programme_id",
            "coupons_couponprogramme",
        ),
        wall(
            "coupons_redemption",
            "redemption_stays_with_its_coupon",
            "merchant_id, coupon_id",
            "coupons_coupon",
        ),
        migrations.RunSQL(CLAIM, "DROP FUNCTION coupons_claim"),
    ]
