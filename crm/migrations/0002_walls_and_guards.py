"""Segments, campaigns and greetings stay in their merchant; what they mean stays; their coupons go to members."""

from django.db import migrations

from portal.kernel.migrating import walls

# Who claims a coupon is shown by name: one for people within a distance would tell where they live.
TERMS = """
CREATE FUNCTION crm_terms_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM crm_segment s WHERE s.id = NEW.segment AND s.rules ? 'within_m') THEN
        RAISE EXCEPTION 'coupon_for_a_distance_would_tell_where_people_live' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
TERMS_TRIGGER = """
CREATE TRIGGER crm_terms_guard BEFORE INSERT ON coupons_couponterms
FOR EACH ROW WHEN (NEW.segment IS NOT NULL) EXECUTE FUNCTION crm_terms_guard()
"""

# The membership is held, so that nobody is taken off while their coupon is being written.
CLAIM = """
CREATE FUNCTION crm_claim_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint;
BEGIN
    SELECT t.segment INTO asked FROM coupons_couponterms t WHERE t.id = NEW.terms_id;
    IF asked IS NOT NULL THEN
        PERFORM FROM crm_membership m
        WHERE m.segment_id = asked AND m.customer_id = NEW.customer_id AND m.until IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'coupon_for_a_segment_goes_to_its_members' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
CLAIM_TRIGGER = """
CREATE TRIGGER crm_claim_guard BEFORE INSERT ON coupons_coupon
FOR EACH ROW WHEN (NEW.customer_id IS NOT NULL) EXECUTE FUNCTION crm_claim_guard()
"""

ONCE_A_YEAR = """
ALTER TABLE crm_greeting ADD CONSTRAINT greeted_once_a_year EXCLUDE USING gist (
 merchant_id WITH =, person_id WITH =, daterange(birthday_on, birthday_on + 300) WITH &&)
"""


class Migration(migrations.Migration):
    replaces = [("crm", "0002_grants_of_cards")]
    dependencies = [("crm", "0001_segments_and_campaigns")]
    operations = [
        walls(
            ("crm_notedbirthday", "birthday_stays_with_its_customer", "customer_id", "merchants_customer"),
            ("crm_greetingplan", "greeting_stays_with_its_coupon", "programme_id", "coupons_couponprogramme"),
            ("crm_membership", "membership_stays_with_its_segment", "segment_id", "crm_segment"),
            ("crm_membership", "membership_stays_with_its_customer", "customer_id", "merchants_customer"),
            ("crm_campaign", "campaign_stays_with_its_deal", "deal_id", "coupons_flashdeal"),
            ("crm_campaign", "campaign_stays_with_its_segment", "segment_id", "crm_segment"),
            ("crm_campaign", "campaign_stays_with_its_coupon", "programme_id", "coupons_couponprogramme"),
            ("crm_tagging", "tagging_stays_with_its_tag", "tag_id", "crm_tag"),
            ("crm_tagging", "tagging_stays_with_its_customer", "customer_id", "merchants_customer"),
            ("coupons_couponterms", "terms_stay_with_their_segment", "segment", "crm_segment"),
        ),
        migrations.RunSQL(ONCE_A_YEAR, "ALTER TABLE crm_greeting DROP CONSTRAINT greeted_once_a_year"),
        migrations.RunSQL(
            [TERMS, TERMS_TRIGGER],
            ["DROP TRIGGER crm_terms_guard ON coupons_couponterms", "DROP FUNCTION crm_terms_guard"],
        ),
        migrations.RunSQL(
            [CLAIM, CLAIM_TRIGGER],
            ["DROP TRIGGER crm_claim_guard ON coupons_coupon", "DROP FUNCTION crm_claim_guard"],
        ),
    ]
