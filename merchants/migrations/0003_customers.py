"""One merchant's record of a person, and two records that become one."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.crypto import BlindIndexField, EncryptedTextField
from portal.kernel.migrating import ID, Together, remembered, trail, walls, was, written_once


class Migration(migrations.Migration):
    replaces = [("merchants", "0003_provenance")]
    dependencies = [("merchants", "0002_listings_are_kept")]
    operations = [
        Together(
            migrations.CreateModel(
                name="Customer",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="customers",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "user",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="known_as",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("name", EncryptedTextField(blank=True, default="", verbose_name="name")),
                    ("phone", EncryptedTextField(blank=True, null=True, verbose_name="phone")),
                    ("phone_index", BlindIndexField(blank=True, max_length=32, null=True, of="phone")),
                    ("phone_tail", models.CharField(blank=True, max_length=4)),
                    ("source", models.CharField(default="counter", max_length=20)),
                    ("visits", models.PositiveIntegerField(default=0)),
                    ("spent", models.BigIntegerField(default=0)),
                    ("first_visit_at", models.DateTimeField(blank=True, null=True)),
                    ("last_visit_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "customer",
                    "verbose_name_plural": "customers",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="customer_of_merchant"),
                        models.UniqueConstraint(fields=("merchant", "user"), name="customer_once_per_person"),
                        models.UniqueConstraint(
                            condition=models.Q(("phone_index__isnull", False)),
                            fields=("merchant", "phone_index"),
                            name="customer_once_per_phone",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            fields=["merchant", "-last_visit_at", "id"], name="customer_by_last_visit"
                        ),
                        models.Index(fields=["merchant", "phone_tail"], name="customer_by_tail"),
                    ],
                    "triggers": [
                        *remembered(
                            "merchants.Customer",
                            "created_at id merchant_id name phone phone_index phone_tail source user_id",
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CustomerEvent",
                fields=[
                    *trail("merchants.customer"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("user", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("name", EncryptedTextField(blank=True, default="", verbose_name="name")),
                    ("phone", EncryptedTextField(blank=True, null=True, verbose_name="phone")),
                    ("phone_index", BlindIndexField(blank=True, max_length=32, null=True, of="phone")),
                    ("phone_tail", models.CharField(blank=True, max_length=4)),
                    ("source", models.CharField(default="counter", max_length=20)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="CustomerMerge",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "kept",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="took_in",
                            to="merchants.customer",
                        ),
                    ),
                    (
                        "gone",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="merged_away",
                            to="merchants.customer",
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("reason", models.CharField(max_length=120)),
                    ("moved", models.JSONField(default=dict)),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("merged_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "merge of customers",
                    "verbose_name_plural": "merges of customers",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("merchant", "key"), name="customers_merged_once_per_key"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("kept", models.F("gone")), _negated=True),
                            name="nobody_is_merged_into_themselves",
                        ),
                    ],
                    "triggers": [written_once("merchants.CustomerMerge", "customer_merges_are_written_once")],
                },
            ),
        ),
        walls(
            (
                "merchants_customermerge",
                "merge_keeps_a_customer_of_its_merchant",
                "kept_id",
                "merchants_customer",
            ),
            (
                "merchants_customermerge",
                "merge_ends_a_customer_of_its_merchant",
                "gone_id",
                "merchants_customer",
            ),
        ),
    ]
