"""The terms of a card say which stamp cards run, and a reward's rows stay with their card's merchant."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

BEFORE: str = import_module("loyalty.migrations.0013_terms").TERMS.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
STAMPS = """'stamps', coalesce((
            SELECT jsonb_agg(jsonb_build_object('id', t.id, 'needed', t.needed, 'basis', t.basis, 'gift', t.gift,
                'gift_en', t.gift_en, 'services', t.services, 'months', t.months, 'days', t.days) ORDER BY t.id)
            FROM loyalty_stampscheme t WHERE t.programme_id = p.id AND t.is_on
        ), '[]'),
        'points', coalesce(("""
TERMS = BEFORE.replace("'points', coalesce((", STAMPS)


def wall(table: str, name: str) -> migrations.RunSQL:
    """A foreign key to the card that carries the tenant, in place of the plain one."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (merchant_id, card_id)"
        " REFERENCES loyalty_card (merchant_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loyalty", "0014_rewards_and_stamps")]

    operations: ClassVar = [
        wall("loyalty_rewardvoucher", "voucher_stays_with_its_card"),
        wall("loyalty_stampcard", "stamps_stay_with_their_card"),
        migrations.RunSQL(TERMS, BEFORE),
    ]
