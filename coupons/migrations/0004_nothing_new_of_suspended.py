"""A suspended merchant hands out nothing new: the claim's function says so itself, whatever page asked."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

BEFORE = import_module("coupons.migrations.0003_claim_in_one_question").CLAIM
FOUND = "    IF offer.state <> 'published' OR moment < offer.starts_at OR moment >= offer.ends_at THEN\n"
WANTED = """\
    IF offer.state <> 'published' OR moment < offer.starts_at OR moment >= offer.ends_at
       OR EXISTS (SELECT FROM merchants_merchant m WHERE m.id = offer.merchant_id AND m.suspended_at IS NOT NULL)
    THEN
"""
CLAIM = BEFORE.replace(FOUND, WANTED)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("coupons", "0003_claim_in_one_question"),
        ("merchants", "0013_claims_and_suspensions"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            ["DROP FUNCTION coupons_claim", CLAIM],
            ["DROP FUNCTION coupons_claim", BEFORE],
        ),
    ]
