"""Codes, PINs and approvals; members who come by list or become one."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.crypto import EncryptedTextField
from portal.kernel.migrating import ID, Together, remembered, trail, trigger, was, written_once


class Migration(migrations.Migration):
    replaces = [("loyalty", "0004_kinds_and_holds")]
    dependencies = [("loyalty", "0003_levels_and_rewards")]
    operations = [
        Together(
            migrations.CreateModel(
                name="CardKey",
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
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="keys",
                            to="loyalty.card",
                        ),
                    ),
                    ("device", models.CharField(max_length=40, verbose_name="device")),
                    ("secret", EncryptedTextField()),
                    ("made_at", models.DateTimeField()),
                    ("seen_at", models.DateTimeField(blank=True, null=True)),
                    ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "phone with a card's code",
                    "verbose_name_plural": "phones with a card's code",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="card_key_of_merchant")
                    ],
                },
            ),
            migrations.CreateModel(
                name="UsedCode",
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
                        "card_key",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="used",
                            to="loyalty.cardkey",
                        ),
                    ),
                    ("minute", models.BigIntegerField()),
                    ("key", models.UUIDField()),
                    ("used_at", models.DateTimeField()),
                ],
                options={
                    "verbose_name": "used card code",
                    "verbose_name_plural": "used card codes",
                    "constraints": [
                        models.UniqueConstraint(fields=("card_key", "minute"), name="code_pays_once")
                    ],
                    "triggers": [written_once("loyalty.UsedCode", "used_codes_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Safeguard",
                fields=[
                    ID,
                    (
                        "programme",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="safeguard", to="loyalty.programme"
                        ),
                    ),
                    (
                        "points_need",
                        models.CharField(
                            choices=[
                                ("code", "The code on the customer's phone, new each minute"),
                                ("pin", "The customer's PIN"),
                            ],
                            default="code",
                            max_length=4,
                            verbose_name="To spend points",
                        ),
                    ),
                    (
                        "set_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "safeguard of points",
                    "verbose_name_plural": "safeguards of points",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("points_need__in", ["code", "pin"])),
                            name="safeguard_asks_for_code_or_pin",
                        )
                    ],
                    "triggers": [*remembered("loyalty.Safeguard", "id points_need programme_id set_by_id")],
                },
            ),
            migrations.CreateModel(
                name="SafeguardEvent",
                fields=[
                    *trail("loyalty.safeguard"),
                    ("id", models.BigIntegerField()),
                    ("programme", was("loyalty.programme")),
                    (
                        "points_need",
                        models.CharField(
                            choices=[
                                ("code", "The code on the customer's phone, new each minute"),
                                ("pin", "The customer's PIN"),
                            ],
                            default="code",
                            max_length=4,
                            verbose_name="To spend points",
                        ),
                    ),
                    ("set_by", was(settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name="Pin",
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
                        "card",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="pin",
                            to="loyalty.card",
                        ),
                    ),
                    ("secret", models.CharField(max_length=200)),
                    ("pepper", models.CharField(max_length=8)),
                    ("set_at", models.DateTimeField()),
                    ("spends_from", models.DateTimeField()),
                    ("wrong", models.PositiveSmallIntegerField(default=0)),
                    ("locks", models.PositiveSmallIntegerField(default=0)),
                    ("locked_until", models.DateTimeField(blank=True, null=True)),
                    ("shut_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "spending PIN",
                    "verbose_name_plural": "spending PINs",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="pin_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("spends_from__gte", models.F("set_at"))),
                            name="pin_spends_no_earlier_than_it_was_set",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PinTry",
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
                        "pin",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="tries",
                            to="loyalty.pin",
                        ),
                    ),
                    ("tried_at", models.DateTimeField()),
                    ("is_right", models.BooleanField(default=False)),
                    (
                        "till",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "try at a PIN",
                    "verbose_name_plural": "tries at PINs",
                    "indexes": [
                        models.Index(
                            condition=models.Q(("is_right", False)),
                            fields=["pin", "tried_at"],
                            name="pin_try_of_pin",
                        ),
                        models.Index(
                            condition=models.Q(("is_right", False), ("till__isnull", False)),
                            fields=["till", "tried_at"],
                            name="pin_try_of_till",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PinCode",
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
                        "card",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="pin_code",
                            to="loyalty.card",
                        ),
                    ),
                    ("index", models.BinaryField(max_length=32)),
                    ("sent_at", models.DateTimeField()),
                    ("round", models.UUIDField()),
                ],
                options={"verbose_name": "code for a PIN", "verbose_name_plural": "codes for PINs"},
            ),
            migrations.CreateModel(
                name="PinChange",
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
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="pin_changes",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("is_reset", models.BooleanField()),
                    ("changed_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "change of a PIN",
                    "verbose_name_plural": "changes of PINs",
                    "triggers": [written_once("loyalty.PinChange", "pin_changes_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Approval",
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
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="approvals",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "value",
                        models.CharField(
                            choices=[
                                ("money", "balance"),
                                ("points", "points"),
                                ("visits", "visits of a pass"),
                            ],
                            max_length=6,
                        ),
                    ),
                    ("amount", models.BigIntegerField()),
                    ("is_exact", models.BooleanField()),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("key", models.UUIDField()),
                    (
                        "asked_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("asked_at", models.DateTimeField()),
                    ("answer_by", models.DateTimeField()),
                    ("turns", models.PositiveSmallIntegerField(default=0)),
                    ("approved_at", models.DateTimeField(blank=True, null=True)),
                    ("good_until", models.DateTimeField(blank=True, null=True)),
                    (
                        "way",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("phone", "PIN on the holder's phone"),
                                ("screen", "PIN on the shop's screen"),
                                ("code", "code shown by the holder's phone"),
                            ],
                            max_length=6,
                        ),
                    ),
                    ("declined_at", models.DateTimeField(blank=True, null=True)),
                    ("used_at", models.DateTimeField(blank=True, null=True)),
                    ("used_amount", models.BigIntegerField(blank=True, null=True)),
                    ("used_key", models.UUIDField(blank=True, null=True)),
                    (
                        "used_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "used_shop",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "approval",
                    "verbose_name_plural": "approvals",
                    "constraints": [
                        models.UniqueConstraint(fields=("card", "key"), name="approval_once_per_key"),
                        models.UniqueConstraint(
                            condition=models.Q(("used_key__isnull", False)),
                            fields=("card", "value", "used_key"),
                            name="approval_pays_one_sale_of_a_kind",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="approval_asks_for_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("is_exact", False), ("shop__isnull", False), _connector="OR"),
                            name="approval_asked_at_a_counter_names_the_shop",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("approved_at", None), ("good_until", None), ("way", "")),
                                models.Q(
                                    ("approved_at__isnull", False),
                                    ("good_until__gt", models.F("approved_at")),
                                    ("good_until__isnull", False),
                                    models.Q(("way", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="approval_is_good_for_a_while_once_given",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("used_amount", None),
                                    ("used_at", None),
                                    ("used_by", None),
                                    ("used_key", None),
                                    ("used_shop", None),
                                ),
                                models.Q(
                                    ("approved_at__isnull", False),
                                    ("declined_at", None),
                                    ("used_amount__gt", 0),
                                    ("used_amount__isnull", False),
                                    ("used_at__isnull", False),
                                    ("used_at__lt", models.F("good_until")),
                                    ("used_by__isnull", False),
                                    ("used_key__isnull", False),
                                    ("used_shop__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="approval_is_used_whole_and_in_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("used_amount", None),
                                models.Q(("is_exact", True), ("used_amount", models.F("amount"))),
                                models.Q(("is_exact", False), ("used_amount__lte", models.F("amount"))),
                                _connector="OR",
                            ),
                            name="approval_is_used_for_its_amount",
                        ),
                    ],
                    "indexes": [models.Index(fields=["card", "-id"], name="approval_of_card")],
                    "triggers": [
                        trigger(
                            "loyalty.Approval",
                            "approvals_are_kept",
                            when="BEFORE",
                            operation="DELETE",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                        ),
                        trigger(
                            "loyalty.Approval",
                            "an_approval_is_used_once",
                            when="BEFORE",
                            operation="UPDATE",
                            condition='WHEN (OLD."used_at" IS NOT NULL OR OLD."declined_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                        ),
                        trigger(
                            "loyalty.Approval",
                            "what_was_asked_stays",
                            when="BEFORE",
                            operation="UPDATE",
                            condition='WHEN (OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."card_id" IS DISTINCT FROM (NEW."card_id") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."is_exact" IS DISTINCT FROM (NEW."is_exact") OR OLD."token" IS DISTINCT FROM (NEW."token") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="MemberImport",
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
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("key", models.UUIDField()),
                    ("name", models.CharField(max_length=120, verbose_name="file")),
                    ("digest", models.CharField(max_length=64)),
                    ("content", EncryptedTextField(blank=True, null=True)),
                    ("sheet", models.CharField(blank=True, max_length=80)),
                    ("header", models.PositiveIntegerField(default=0)),
                    ("mapping", models.JSONField(default=dict)),
                    ("region", models.CharField(max_length=2)),
                    ("levels", models.JSONField(default=dict)),
                    ("level_until", models.DateField(blank=True, null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("uploaded", "Columns to choose"),
                                ("checking", "Being checked"),
                                ("checked", "Checked"),
                                ("importing", "Being imported"),
                                ("done", "Imported"),
                                ("undoing", "Being taken back"),
                                ("undone", "Taken back"),
                            ],
                            default="uploaded",
                            max_length=9,
                        ),
                    ),
                    (
                        "job",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.SET_NULL,
                            related_name="+",
                            to="kernel.job",
                        ),
                    ),
                    ("counts", models.JSONField(default=dict)),
                    ("before", models.JSONField(default=dict)),
                    ("after", models.JSONField(default=dict)),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                    ("done_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "undone_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "import of members",
                    "verbose_name_plural": "imports of members",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="import_once_per_key"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="import_of_merchant"),
                        models.UniqueConstraint(
                            condition=models.Q(("state__in", ["importing", "done"])),
                            fields=("merchant", "digest"),
                            name="same_file_brought_in_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state__in", ["uploaded", "checking", "checked"]),
                                ("confirmed_by__isnull", False),
                                _connector="OR",
                            ),
                            name="what_was_brought_in_was_confirmed",
                        ),
                    ],
                    "indexes": [models.Index(fields=["merchant", "-id"], name="import_of_merchant_by_time")],
                    "triggers": [
                        *remembered(
                            "loyalty.MemberImport",
                            "by_id confirmed_at confirmed_by_id created_at digest done_at header id job_id key level_until merchant_id name region sheet state token undone_at undone_by_id",
                            inserts=False,
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MemberImportEvent",
                fields=[
                    *trail("loyalty.memberimport"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("token", models.CharField(max_length=16)),
                    ("key", models.UUIDField()),
                    ("name", models.CharField(max_length=120, verbose_name="file")),
                    ("digest", models.CharField(max_length=64)),
                    ("sheet", models.CharField(blank=True, max_length=80)),
                    ("header", models.PositiveIntegerField(default=0)),
                    ("region", models.CharField(max_length=2)),
                    ("level_until", models.DateField(blank=True, null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("uploaded", "Columns to choose"),
                                ("checking", "Being checked"),
                                ("checked", "Checked"),
                                ("importing", "Being imported"),
                                ("done", "Imported"),
                                ("undoing", "Being taken back"),
                                ("undone", "Taken back"),
                            ],
                            default="uploaded",
                            max_length=9,
                        ),
                    ),
                    ("job", was("kernel.job", blank=True, null=True)),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("confirmed_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                    ("done_at", models.DateTimeField(blank=True, null=True)),
                    ("undone_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="ImportRow",
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
                        "batch",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="rows",
                            to="loyalty.memberimport",
                        ),
                    ),
                    ("number", models.PositiveIntegerField()),
                    ("sealed", EncryptedTextField(blank=True, null=True)),
                    ("points", models.BigIntegerField(default=0)),
                    ("principal", models.BigIntegerField(default=0)),
                    ("bonus", models.BigIntegerField(default=0)),
                    ("rank", models.PositiveSmallIntegerField(default=0)),
                    ("stood", models.JSONField(blank=True, null=True)),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("new", "New members"),
                                ("change", "Members who get something"),
                                ("known", "Members already, nothing to do"),
                                ("bad", "Rows to mend"),
                            ],
                            max_length=6,
                        ),
                    ),
                    ("reasons", models.JSONField(default=list)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting"),
                                ("done", "Brought in"),
                                ("undone", "Taken back"),
                                ("kept", "Kept"),
                            ],
                            default="waiting",
                            max_length=7,
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="brought_by",
                            to="loyalty.card",
                        ),
                    ),
                    ("made_card", models.BooleanField(default=False)),
                    ("kept_because", models.CharField(blank=True, max_length=12)),
                ],
                options={
                    "verbose_name": "row of an import",
                    "verbose_name_plural": "rows of imports",
                    "constraints": [
                        models.UniqueConstraint(fields=("batch", "number"), name="import_row_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("state", "waiting"), ("card__isnull", False), _connector="OR"
                            ),
                            name="brought_row_has_its_card",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("bonus__gte", 0), ("points__gte", 0), ("principal__gte", 0)),
                            name="import_row_brings_nothing_negative",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Brought",
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
                        "card",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="brought",
                            to="loyalty.card",
                        ),
                    ),
                    ("number", models.CharField(blank=True, max_length=40, verbose_name="old card number")),
                    ("birthday", EncryptedTextField(blank=True, null=True, verbose_name="birthday")),
                    (
                        "level",
                        models.CharField(blank=True, max_length=40, verbose_name="level on the old list"),
                    ),
                ],
                options={
                    "verbose_name": "fact from an old list",
                    "verbose_name_plural": "facts from old lists",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("number", ""), _negated=True),
                            fields=("merchant", "number"),
                            name="old_number_once_per_merchant",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MemberExport",
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
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("asked", models.CharField(blank=True, max_length=200)),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "export of members",
                    "verbose_name_plural": "exports of members",
                    "indexes": [models.Index(fields=["merchant", "-id"], name="member_export_of_merchant")],
                    "triggers": [written_once("loyalty.MemberExport", "member_exports_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="CardMerge",
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
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "gone",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="merged_away",
                            to="loyalty.card",
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("reason", models.CharField(max_length=120)),
                    ("moved", models.JSONField(default=dict)),
                    ("rows", models.JSONField(default=dict)),
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
                    "verbose_name": "merge of cards",
                    "verbose_name_plural": "merges of cards",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="cards_merged_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(("kept", models.F("gone")), _negated=True),
                            name="no_card_is_merged_into_itself",
                        ),
                    ],
                    "triggers": [written_once("loyalty.CardMerge", "card_merges_are_written_once")],
                },
            ),
        ),
    ]
