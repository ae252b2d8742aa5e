"""Of points that waited it is noted once that their holder was told: they can be used."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0022_visit_passes"),
        ("merchants", "0017_listings_group"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="lot",
            name="is_noticed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("is_noticed", False), ("usable_from__isnull", False)),
                fields=["usable_from"],
                name="lot_to_notice",
            ),
        ),
    ]
