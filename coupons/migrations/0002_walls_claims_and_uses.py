"""A coupon's rows stay in its merchant; a claim in one question; a use that the coupon doesn't allow is turned away."""

from django.db import migrations

from portal.kernel.migrating import function, walls

# Look without a lock, then insert. The programme's counter, the row everybody waits for, is moved by the
# verb as its very last statement. Two claims of one person at once collide on the ordinal: the second waits
# for the first to commit and then counts again. One question knows the customer by the person, follows the
# terms and answers with the coupon itself, which counts when a whole town reaches for one offer. A suspended
# merchant hands out nothing new, whatever page asked.
CLAIM = """
CREATE FUNCTION coupons_claim(
    programme bigint, person bigint, key uuid, token text, moment timestamptz, via text
) RETURNS TABLE (outcome text, coupon coupons_coupon) LANGUAGE plpgsql AS $$
DECLARE
    offer coupons_couponprogramme;
    rules coupons_couponterms;
    customer bigint;
    turn smallint;
    good_until timestamptz;
BEGIN
    SELECT * INTO STRICT offer FROM coupons_couponprogramme p WHERE p.id = programme;
    SELECT * INTO STRICT rules FROM coupons_couponterms t WHERE t.id = offer.terms_id;
    SELECT c.id INTO customer FROM merchants_customer c
    WHERE c.merchant_id = offer.merchant_id AND c.user_id = person;

    SELECT * INTO coupon FROM coupons_coupon c WHERE c.customer_id = customer AND c.key = coupons_claim.key;
    IF FOUND THEN
        outcome := CASE WHEN coupon.programme_id = programme THEN 'replay' ELSE 'reused' END;
        RETURN NEXT;
        RETURN;
    END IF;

    outcome := CASE
        WHEN offer.state <> 'published' OR moment < offer.starts_at OR moment >= offer.ends_at OR EXISTS (
            SELECT FROM merchants_merchant m WHERE m.id = offer.merchant_id AND m.suspended_at IS NOT NULL)
            THEN 'closed'
        WHEN offer.claimed >= offer.stock THEN 'sold out'
        WHEN rules.audience = 'levels' AND NOT EXISTS (
            SELECT FROM loyalty_card k
            LEFT JOIN loyalty_standing s ON s.card_id = k.id
            LEFT JOIN loyalty_level l ON l.id = s.level_id
            WHERE k.customer_id = customer AND k.state = 'active' AND coalesce(l.rank, 0) = ANY (rules.levels))
            THEN 'level'
        WHEN customer IS NULL THEN 'stranger'
    END;
    IF outcome IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;

    -- so many days, the claim's own being the first, each ending at midnight where the shop is
    good_until := CASE WHEN rules.days IS NULL THEN offer.ends_at ELSE
        ((moment AT TIME ZONE rules.zone)::date + rules.days)::timestamp AT TIME ZONE rules.zone END;

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
            merchant_id, programme_id, terms_id, customer_id, via, ordinal, token, state, title, kind, amount_off,
            percent_off, most_off, price, item, uses, minimum, valid_from, valid_until, key, claimed_at)
        VALUES (offer.merchant_id, programme, offer.terms_id, customer, coupons_claim.via, turn, token, 'claimed', offer.title,
                offer.kind, offer.amount_off, offer.percent_off, offer.most_off, offer.price, offer.item,
                offer.uses, offer.minimum, moment, good_until, coupons_claim.key, moment)
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

# A use stands only where and as often as the coupon allows, whoever writes the row. The coupon's row is
# changed in the same transaction under its lock, so what is read here isn't moved by anybody else.
GUARD = """
CREATE FUNCTION coupons_use_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used coupons_coupon;
    outlets bigint[];
    parts bigint;
BEGIN
    SELECT * INTO used FROM coupons_coupon c WHERE c.id = NEW.coupon_id;
    SELECT t.shops INTO outlets FROM coupons_couponterms t WHERE t.id = used.terms_id;
    IF cardinality(outlets) > 0 AND NOT NEW.shop_id = ANY (outlets) THEN
        RAISE EXCEPTION 'coupon_is_used_at_its_outlets' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.redeemed_at < used.valid_from OR NEW.redeemed_at >= used.valid_until THEN
        RAISE EXCEPTION 'coupon_is_used_within_its_dates' USING ERRCODE = 'check_violation';
    END IF;
    IF used.kind <> 'value' AND NEW.turn > used.uses THEN
        RAISE EXCEPTION 'coupon_is_used_no_more_than_it_allows' USING ERRCODE = 'check_violation';
    ELSIF used.kind = 'value' THEN
        SELECT coalesce(sum(r.discount), 0) INTO parts FROM coupons_redemption r
        WHERE r.coupon_id = used.id AND r.undone_at IS NULL;
        IF parts + NEW.discount > used.amount_off THEN
            RAISE EXCEPTION 'coupon_parts_within_its_worth' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER coupon_use_guard BEFORE INSERT ON coupons_redemption
FOR EACH ROW EXECUTE FUNCTION coupons_use_guard()
"""


class Migration(migrations.Migration):
    replaces = [("coupons", "0002_claims")]
    dependencies = [("coupons", "0001_coupons")]
    operations = [
        walls(
            ("coupons_couponprogramme", "programme_stays_with_its_terms", "terms_id", "coupons_couponterms"),
            ("coupons_couponblackout", "blackout_stays_with_its_terms", "terms_id", "coupons_couponterms"),
            ("coupons_coupon", "coupon_stays_with_its_programme", "programme_id", "coupons_couponprogramme"),
            ("coupons_coupon", "coupon_stays_with_its_terms", "terms_id", "coupons_couponterms"),
            ("coupons_coupon", "coupon_stays_with_its_batch", "batch_id", "coupons_paperbatch"),
            ("coupons_redemption", "redemption_stays_with_its_coupon", "coupon_id", "coupons_coupon"),
            ("coupons_present", "present_stays_with_its_coupon", "coupon_id", "coupons_coupon"),
            (
                "coupons_flashdeal",
                "flash_deal_stays_with_its_programme",
                "programme_id",
                "coupons_couponprogramme",
            ),
            (
                "coupons_paperbatch",
                "batch_stays_with_its_programme",
                "programme_id",
                "coupons_couponprogramme",
            ),
            ("coupons_paperorder", "paper_order_stays_with_its_batch", "batch_id", "coupons_paperbatch"),
        ),
        function(CLAIM),
        migrations.RunSQL(
            [GUARD, TRIGGER],
            ["DROP TRIGGER coupon_use_guard ON coupons_redemption", "DROP FUNCTION coupons_use_guard"],
        ),
    ]
