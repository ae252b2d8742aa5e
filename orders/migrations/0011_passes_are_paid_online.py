"""A payment is for a top-up or for a visit pass, whose terms it keeps."""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

first = import_module("loyalty.migrations.0002_ledger")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0025_passes_sold_online"),
        ("merchants", "0017_listings_group"),
        ("orders", "0010_coupons_without_a_network"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name="payment",
            name="credited_payment_names_its_top_up",
        ),
        migrations.AddField(
            model_name="payment",
            name="offer",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.passoffer",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="promise",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="visit_pass",
            field=models.OneToOneField(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payment",
                to="loyalty.visitpass",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("offer", None),
                        ("state", "credited"),
                        ("top_up__isnull", False),
                        ("visit_pass", None),
                    ),
                    models.Q(
                        ("offer__isnull", False),
                        ("state", "credited"),
                        ("top_up", None),
                        ("visit_pass__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "credited"), _negated=True), ("top_up", None), ("visit_pass", None)
                    ),
                    _connector="OR",
                ),
                name="credited_payment_names_what_it_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("offer", None), ("promise__isnull", True)),
                    models.Q(("offer__isnull", False), ("promise__isnull", False)),
                    _connector="OR",
                ),
                name="payment_for_a_pass_keeps_its_promise",
            ),
        ),
        first.wall(
            "orders_payment", "payment_stays_with_its_offer", "merchant_id, offer_id", "loyalty_passoffer"
        ),
        first.wall(
            "orders_payment", "payment_stays_with_its_pass", "merchant_id, visit_pass_id", "loyalty_visitpass"
        ),
    ]
