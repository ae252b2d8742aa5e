"""A visit of a pass pays for a sale; the holder agrees to it where the pass asks for that."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0022_visit_passes"),
        ("merchants", "0017_listings_group"),
        ("orders", "0008_goods_come_back_by_their_sale"),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name="tender",
            name="tender_is_money",
        ),
        migrations.AlterField(
            model_name="tender",
            name="approval",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tenders",
                to="loyalty.approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval__isnull", False), ("kind__in", ("principal", "bonus"))),
                    ("kind", "visits"),
                    _connector="OR",
                ),
                name="tender_is_agreed_money_or_a_visit",
            ),
        ),
    ]
