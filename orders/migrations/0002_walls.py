"""A purchase's card is of the purchase's own merchant: kept so by a foreign key that carries both."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0001_initial"), ("loyalty", "0002_ledger")]

    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE orders_purchase ADD CONSTRAINT purchase_stays_with_its_card"
            " FOREIGN KEY (merchant_id, card_id) REFERENCES loyalty_card (merchant_id, id)",
            "ALTER TABLE orders_purchase DROP CONSTRAINT purchase_stays_with_its_card",
        ),
    ]
