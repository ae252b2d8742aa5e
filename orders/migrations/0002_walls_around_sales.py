"""Sales, payments and returns stay with a card, coupon and pass of their own merchant."""

from django.db import migrations

from portal.kernel.migrating import walls


class Migration(migrations.Migration):
    replaces = [("orders", "0002_walls")]
    dependencies = [("orders", "0001_sales")]
    operations = [
        walls(
            ("orders_purchase", "purchase_stays_with_its_card", "card_id", "loyalty_card"),
            ("orders_payment", "payment_stays_with_its_card", "card_id", "loyalty_card"),
            ("orders_payment", "payment_stays_with_its_offer", "offer_id", "loyalty_passoffer"),
            ("orders_payment", "payment_stays_with_its_pass", "visit_pass_id", "loyalty_visitpass"),
            ("orders_return", "return_stays_with_its_card", "card_id", "loyalty_card"),
            ("orders_return", "return_stays_with_its_customer", "customer_id", "merchants_customer"),
            ("orders_offlineuse", "offline_use_stays_with_its_coupon", "coupon_id", "coupons_coupon"),
        ),
    ]
