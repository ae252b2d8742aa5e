"""A coupon can be passed on where its terms allow it."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

WALL = import_module("coupons.migrations.0002_claims").wall


class Migration(migrations.Migration):
    dependencies = [
        ("coupons", "0006_claims_and_uses_by_terms"),
        ("merchants", "0017_listings_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Present",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=16, unique=True)),
                ("key", models.UUIDField()),
                ("given_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "coupon",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presents",
                        to="coupons.coupon",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "coupon passed on",
                "verbose_name_plural": "coupons passed on",
                "constraints": [
                    models.UniqueConstraint(fields=("coupon", "key"), name="present_once_per_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_at", None), ("withdrawn_at", None)),
                        fields=("coupon",),
                        name="coupon_given_to_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at", None), ("taken_by", None)),
                            models.Q(
                                ("taken_at__isnull", False),
                                ("taken_by__isnull", False),
                                ("withdrawn_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="present_taken_by_somebody_or_back",
                    ),
                ],
            },
        ),
        WALL("coupons_present", "present_stays_with_its_coupon", "merchant_id, coupon_id", "coupons_coupon"),
    ]
