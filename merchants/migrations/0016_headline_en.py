"""The service that a list names beside a shop's price is named in English too."""

from typing import ClassVar

from django.db import migrations, models

TAKE_OVER = """
UPDATE merchants_shop s SET headline_en = v.name_en FROM merchants_service v
WHERE v.shop_id = s.id AND v.name = s.headline AND v.removed_at IS NULL AND v.name_en <> ''
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("merchants", "0015_customers_are_merged")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="shop",
            name="headline_en",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop),
    ]
