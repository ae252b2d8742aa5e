"""Passes in wallets have a secret, and phones that want to hear when they change."""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

first = import_module("loyalty.migrations.0002_ledger")

# The passes there are: 122 random bits each, as hexadecimal digits.
MADE = """
INSERT INTO loyalty_walletpass (merchant_id, medium_id, secret, changed_at)
SELECT merchant_id, id, replace(gen_random_uuid()::text, '-', ''), date_trunc('second', now())
FROM loyalty_cardmedium WHERE kind <> 'printed'
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("loyalty", "0025_passes_sold_online"),
        ("merchants", "0017_listings_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PassDevice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("device", models.CharField(db_index=True, max_length=100)),
                ("push_token", models.CharField(max_length=200)),
                ("registered_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "device with a pass",
                "verbose_name_plural": "devices with passes",
            },
        ),
        migrations.CreateModel(
            name="WalletPass",
            fields=[
                (
                    "medium",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="wallet",
                        serialize=False,
                        to="loyalty.cardmedium",
                    ),
                ),
                ("secret", models.CharField(max_length=43)),
                ("changed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("last_error", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("parked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "pass in a wallet",
                "verbose_name_plural": "passes in wallets",
            },
        ),
        migrations.AddConstraint(
            model_name="cardmedium",
            constraint=models.UniqueConstraint(fields=("merchant", "id"), name="medium_of_merchant"),
        ),
        migrations.AddField(
            model_name="passdevice",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="merchants.merchant",
            ),
        ),
        migrations.AddField(
            model_name="walletpass",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="merchants.merchant",
            ),
        ),
        migrations.AddField(
            model_name="passdevice",
            name="wallet_pass",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="devices",
                to="loyalty.walletpass",
            ),
        ),
        migrations.AddIndex(
            model_name="walletpass",
            index=models.Index(
                condition=models.Q(("parked_at", None)), fields=["due_at"], name="wallet_pass_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="walletpass",
            constraint=models.UniqueConstraint(fields=("merchant", "medium"), name="wallet_pass_of_merchant"),
        ),
        migrations.AddConstraint(
            model_name="walletpass",
            constraint=models.CheckConstraint(
                condition=models.Q(("secret__regex", "^.{32,}$")), name="wallet_pass_has_a_long_secret"
            ),
        ),
        migrations.AddConstraint(
            model_name="passdevice",
            constraint=models.UniqueConstraint(fields=("wallet_pass", "device"), name="device_once_per_pass"),
        ),
        first.wall(
            "loyalty_walletpass",
            "wallet_pass_stays_with_its_medium",
            "merchant_id, medium_id",
            "loyalty_cardmedium",
        ),
        migrations.RunSQL(
            """
            ALTER TABLE loyalty_passdevice ADD CONSTRAINT device_stays_with_its_pass
            FOREIGN KEY (merchant_id, wallet_pass_id) REFERENCES loyalty_walletpass (merchant_id, medium_id)
            """,
            "ALTER TABLE loyalty_passdevice DROP CONSTRAINT device_stays_with_its_pass",
        ),
        migrations.RunSQL(MADE, migrations.RunSQL.noop),
    ]
