"""A claim writes down which way its holder came; what is on paper came by paper."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

BEFORE = import_module("coupons.migrations.0006_claims_and_uses_by_terms").CLAIM
CLAIM = (
    BEFORE.replace("token text, moment timestamptz\n", "token text, moment timestamptz, via text\n")
    .replace("terms_id, customer_id, ordinal,", "terms_id, customer_id, via, ordinal,")
    .replace("customer, turn, token, 'claimed'", "customer, coupons_claim.via, turn, token, 'claimed'")
)
PAPER = "UPDATE coupons_coupon SET via = 'paper' WHERE batch_id IS NOT NULL"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("coupons", "0010_which_way_people_came")]

    operations: ClassVar = [
        migrations.RunSQL(["DROP FUNCTION coupons_claim", CLAIM], ["DROP FUNCTION coupons_claim", BEFORE]),
        migrations.RunSQL(PAPER, migrations.RunSQL.noop),
    ]
