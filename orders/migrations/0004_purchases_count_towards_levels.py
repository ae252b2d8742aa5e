"""Purchases made before there were levels count towards them, too."""

from typing import ClassVar

from django.db import migrations

COUNT = """
INSERT INTO loyalty_consumption (merchant_id, card_id, shop_id, amount, visits, points, key, at)
SELECT p.merchant_id, p.card_id, p.shop_id, p.paid, 1, p.points, p.key, p.made_at
FROM orders_purchase p WHERE p.card_id IS NOT NULL ORDER BY p.id
ON CONFLICT DO NOTHING
"""
UNDO = """
INSERT INTO loyalty_consumption (merchant_id, card_id, shop_id, amount, visits, points, key, reverses_id, at)
SELECT k.merchant_id, k.card_id, k.shop_id, -k.amount, -1, -k.points, gen_random_uuid(), k.id, k.at
FROM orders_purchase p JOIN loyalty_consumption k ON k.merchant_id = p.merchant_id AND k.key = p.key
WHERE p.undone_at IS NOT NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0003_payments"), ("loyalty", "0012_levels_settle")]

    operations: ClassVar = [
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunSQL(UNDO, migrations.RunSQL.noop),
    ]
