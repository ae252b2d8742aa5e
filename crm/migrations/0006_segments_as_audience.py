"""Segments as the audience of coupons: what they mean stays, and only their members get such a coupon."""

from importlib import import_module
from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

WALL = import_module("coupons.migrations.0002_claims").wall

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


class Migration(migrations.Migration):
    dependencies: ClassVar = [("crm", "0005_segments"), ("coupons", "0013_offers_for_segments")]

    operations: ClassVar = [
        pgtrigger.migrations.AddTrigger(
            model_name="segment",
            trigger=pgtrigger.compiler.Trigger(
                name="segment_means_the_same",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."is_list" IS DISTINCT FROM (NEW."is_list") OR OLD."rules" IS DISTINCT FROM (NEW."rules"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="466b9094ae2885f3dc06e15b5b364dff6138641e",
                    operation="UPDATE",
                    pgid="pgtrigger_segment_means_the_same_da8ee",
                    table="crm_segment",
                    when="BEFORE",
                ),
            ),
        ),
        WALL("coupons_couponterms", "terms_stay_with_their_segment", "merchant_id, segment", "crm_segment"),
        migrations.RunSQL(
            [TERMS, TERMS_TRIGGER],
            ["DROP TRIGGER crm_terms_guard ON coupons_couponterms", "DROP FUNCTION crm_terms_guard"],
        ),
        migrations.RunSQL(
            [CLAIM, CLAIM_TRIGGER],
            ["DROP TRIGGER crm_claim_guard ON coupons_coupon", "DROP FUNCTION crm_claim_guard"],
        ),
    ]
