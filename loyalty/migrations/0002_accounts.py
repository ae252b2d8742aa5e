"""The value ledger, what is held of it, stored value and visit passes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

import loyalty.models.passes
from portal.kernel.migrating import ID, Together, remembered, trail, was, written_once


class Migration(migrations.Migration):
    replaces = [("loyalty", "0002_ledger")]
    dependencies = [("loyalty", "0001_cards")]
    operations = [
        Together(
            migrations.CreateModel(
                name="Account",
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
                            related_name="accounts",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("points", "points"),
                                ("principal", "paid in"),
                                ("bonus", "bonus"),
                                ("visits", "visits"),
                                ("debt", "points owed"),
                            ],
                            max_length=9,
                        ),
                    ),
                    ("balance", models.BigIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "account of a card",
                    "verbose_name_plural": "accounts of cards",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("card", "kind"), name="account_once_per_card_and_kind"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("balance__gte", 0)), name="account_never_overdrawn"
                        ),
                        models.UniqueConstraint(fields=("merchant", "id"), name="account_of_merchant"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Entry",
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
                        "account",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="entries",
                            to="loyalty.account",
                        ),
                    ),
                    ("amount", models.BigIntegerField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("earned", "Earned"),
                                ("spent", "Spent"),
                                ("reversed", "Taken back"),
                                ("expired", "Expired"),
                                ("adjusted", "Adjusted"),
                                ("opening", "Brought over"),
                                ("moved", "Moved between cards"),
                                ("topped_up", "Topped up"),
                                ("granted", "Bonus"),
                                ("refunded", "Refunded"),
                                ("bought", "Bought"),
                                ("clawed", "Taken back for returned goods"),
                                ("settled", "Points owed, paid off"),
                            ],
                            max_length=9,
                        ),
                    ),
                    ("key", models.UUIDField()),
                    (
                        "reverses",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="reversed_by",
                            to="loyalty.entry",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.shop",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("document", models.CharField(blank=True, max_length=40)),
                    ("note", models.CharField(blank=True, max_length=120)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("balance_after", models.BigIntegerField()),
                ],
                options={
                    "verbose_name": "ledger entry",
                    "verbose_name_plural": "ledger entries",
                    "constraints": [
                        models.UniqueConstraint(fields=("account", "key"), name="entry_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(("amount", 0), _negated=True), name="entry_moves_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("reverses", None), ("kind", "reversed"), _connector="OR"),
                            name="entry_reverses_only_as_reversal",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["account", "-id"], name="entry_statement"),
                        models.Index(
                            condition=models.Q(
                                ("kind__in", ["earned", "adjusted"]),
                                models.Q(("document__startswith", "sale:"), _negated=True),
                            ),
                            fields=["merchant", "created_at"],
                            name="entry_without_a_sale",
                        ),
                    ],
                    "triggers": [written_once("loyalty.Entry", "entries_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Lot",
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
                        "account",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="lots",
                            to="loyalty.account",
                        ),
                    ),
                    (
                        "entry",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="lot", to="loyalty.entry"
                        ),
                    ),
                    ("amount", models.BigIntegerField()),
                    ("remaining", models.BigIntegerField()),
                    ("expires_at", models.DateTimeField(blank=True, null=True)),
                    ("usable_from", models.DateTimeField(blank=True, null=True)),
                    ("is_noticed", models.BooleanField(db_default=False, default=False)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("amount__gt", 0),
                                ("remaining__gte", 0),
                                ("remaining__lte", models.F("amount")),
                            ),
                            name="lot_holds_between_nothing_and_its_amount",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("usable_from", None),
                                ("expires_at", None),
                                ("expires_at__gt", models.F("usable_from")),
                                _connector="OR",
                            ),
                            name="lot_can_be_used_before_it_expires",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("remaining__gt", 0)),
                            fields=["account", "expires_at", "id"],
                            name="lot_to_spend",
                        ),
                        models.Index(
                            condition=models.Q(("remaining__gt", 0), ("usable_from__isnull", False)),
                            fields=["account", "usable_from"],
                            name="lot_that_waits",
                        ),
                        models.Index(
                            condition=models.Q(("is_noticed", False), ("usable_from__isnull", False)),
                            fields=["usable_from"],
                            name="lot_to_notice",
                        ),
                        models.Index(
                            condition=models.Q(("expires_at__isnull", False), ("remaining__gt", 0)),
                            fields=["expires_at"],
                            name="lot_to_lapse",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Allocation",
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
                        "entry",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="allocations", to="loyalty.entry"
                        ),
                    ),
                    (
                        "lot",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="allocations", to="loyalty.lot"
                        ),
                    ),
                    ("amount", models.BigIntegerField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("entry", "lot"), name="allocation_once_per_entry_and_lot"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="allocation_takes_something"
                        ),
                    ],
                    "triggers": [written_once("loyalty.Allocation", "allocations_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="Hold",
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
                        "account",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="holds",
                            to="loyalty.account",
                        ),
                    ),
                    ("amount", models.BigIntegerField()),
                    ("key", models.UUIDField()),
                    ("document", models.CharField(blank=True, max_length=40)),
                    ("expires_at", models.DateTimeField()),
                    (
                        "captured_by",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="hold",
                            to="loyalty.entry",
                        ),
                    ),
                    ("released_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "hold",
                    "verbose_name_plural": "holds",
                    "constraints": [
                        models.UniqueConstraint(fields=("account", "key"), name="hold_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="hold_keeps_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("captured_by", None), ("released_at", None), _connector="OR"),
                            name="hold_is_captured_or_released",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("captured_by", None), ("released_at", None)),
                            fields=["account"],
                            name="hold_alive",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="StoredValueTerms",
                fields=[
                    ID,
                    (
                        "programme",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="stored_value", to="loyalty.programme"
                        ),
                    ),
                    (
                        "is_on",
                        models.BooleanField(default=False, verbose_name="members can top up their card"),
                    ),
                    (
                        "spends",
                        models.CharField(
                            choices=[
                                ("principal", "What was paid in first, then the bonus"),
                                ("bonus", "The bonus first, then what was paid in"),
                                ("share", "Both by their shares"),
                            ],
                            default="principal",
                            max_length=9,
                            verbose_name="a payment takes",
                        ),
                    ),
                    (
                        "most_on_card",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="most on one card"),
                    ),
                    (
                        "most_owed",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="most on all cards"
                        ),
                    ),
                    (
                        "revenue",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="revenue of last year"
                        ),
                    ),
                    (
                        "bonus_expires_months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="the bonus expires after (months)"
                        ),
                    ),
                    (
                        "cooling_off_days",
                        models.PositiveSmallIntegerField(
                            default=7, verbose_name="a top-up is taken back within (days)"
                        ),
                    ),
                    (
                        "closing_on",
                        models.DateField(blank=True, null=True, verbose_name="last day of the shop"),
                    ),
                    ("closing_announced_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "stored-value terms",
                    "verbose_name_plural": "stored-value terms",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("closing_announced_at", None), ("closing_on", None)),
                                models.Q(
                                    ("closing_announced_at__isnull", False), ("closing_on__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="closing_is_announced_with_its_day",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.StoredValueTerms",
                            "bonus_expires_months closing_announced_at closing_on cooling_off_days id is_on most_on_card most_owed programme_id revenue spends",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="StoredValueTermsEvent",
                fields=[
                    *trail("loyalty.storedvalueterms"),
                    ("id", models.BigIntegerField()),
                    ("programme", was("loyalty.programme")),
                    (
                        "is_on",
                        models.BooleanField(default=False, verbose_name="members can top up their card"),
                    ),
                    (
                        "spends",
                        models.CharField(
                            choices=[
                                ("principal", "What was paid in first, then the bonus"),
                                ("bonus", "The bonus first, then what was paid in"),
                                ("share", "Both by their shares"),
                            ],
                            default="principal",
                            max_length=9,
                            verbose_name="a payment takes",
                        ),
                    ),
                    (
                        "most_on_card",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="most on one card"),
                    ),
                    (
                        "most_owed",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="most on all cards"
                        ),
                    ),
                    (
                        "revenue",
                        models.PositiveBigIntegerField(
                            blank=True, null=True, verbose_name="revenue of last year"
                        ),
                    ),
                    (
                        "bonus_expires_months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="the bonus expires after (months)"
                        ),
                    ),
                    (
                        "cooling_off_days",
                        models.PositiveSmallIntegerField(
                            default=7, verbose_name="a top-up is taken back within (days)"
                        ),
                    ),
                    (
                        "closing_on",
                        models.DateField(blank=True, null=True, verbose_name="last day of the shop"),
                    ),
                    ("closing_announced_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="BonusTier",
                fields=[
                    ID,
                    (
                        "terms",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="tiers", to="loyalty.storedvalueterms"
                        ),
                    ),
                    ("pays", models.PositiveIntegerField(verbose_name="paid in")),
                    ("gets", models.PositiveIntegerField(verbose_name="bonus")),
                ],
                options={
                    "verbose_name": "bonus tier",
                    "verbose_name_plural": "bonus tiers",
                    "ordering": ("pays",),
                    "constraints": [
                        models.UniqueConstraint(fields=("terms", "pays"), name="bonus_tier_once_per_amount"),
                        models.CheckConstraint(
                            condition=models.Q(("pays__gt", 0)), name="bonus_tier_of_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("gets__lte", models.F("pays"))),
                            name="bonus_is_no_more_than_is_paid_in",
                        ),
                    ],
                    "triggers": [*remembered("loyalty.BonusTier", "gets id pays terms_id")],
                },
            ),
            migrations.CreateModel(
                name="BonusTierEvent",
                fields=[
                    *trail("loyalty.bonustier"),
                    ("id", models.BigIntegerField()),
                    ("terms", was("loyalty.storedvalueterms")),
                    ("pays", models.PositiveIntegerField(verbose_name="paid in")),
                    ("gets", models.PositiveIntegerField(verbose_name="bonus")),
                ],
            ),
            migrations.CreateModel(
                name="TopUp",
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
                            related_name="top_ups",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False, on_delete=models.PROTECT, related_name="+", to="merchants.shop"
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("paid", models.PositiveIntegerField()),
                    ("bonus", models.PositiveIntegerField(default=0)),
                    (
                        "channel",
                        models.CharField(
                            choices=[("counter", "at the counter"), ("online", "online")], max_length=7
                        ),
                    ),
                    (
                        "principal_entry",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="top_up", to="loyalty.entry"
                        ),
                    ),
                    (
                        "bonus_entry",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="loyalty.entry",
                        ),
                    ),
                    ("key", models.UUIDField()),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("made_at", models.DateTimeField(db_default=Now())),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                    ("undo_reason", models.CharField(blank=True, max_length=120)),
                ],
                options={
                    "verbose_name": "top-up",
                    "verbose_name_plural": "top-ups",
                    "constraints": [
                        models.UniqueConstraint(fields=("card", "key"), name="top_up_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(("paid__gt", 0)), name="top_up_of_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("bonus", 0), ("bonus_entry", None)),
                                models.Q(("bonus__gt", 0), ("bonus_entry__isnull", False)),
                                _connector="OR",
                            ),
                            name="top_up_names_its_bonus",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("undone_at", None), ("undone_by", None)),
                                models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="undone_top_up_says_by_whom",
                        ),
                    ],
                    "indexes": [models.Index(fields=["merchant", "-made_at"], name="top_up_by_time")],
                },
            ),
            migrations.CreateModel(
                name="PassOffer",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="pass_offers", to="loyalty.programme"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                    ("visits", models.PositiveSmallIntegerField(default=10, verbose_name="visits")),
                    ("price", models.PositiveIntegerField(verbose_name="price")),
                    (
                        "months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="good for (months)"
                        ),
                    ),
                    (
                        "services",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "shops",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "needs_pin",
                        models.BooleanField(
                            default=False, verbose_name="the customer agrees to each visit with the PIN"
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("is_on", models.BooleanField(default=True, verbose_name="sold")),
                    (
                        "sold_online",
                        models.BooleanField(db_default=False, default=False, verbose_name="also sold online"),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "visit pass on sale",
                    "verbose_name_plural": "visit passes on sale",
                    "constraints": [
                        models.UniqueConstraint(fields=("programme", "key"), name="pass_offer_once_per_key"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="pass_offer_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("visits__gte", 2), ("visits__lte", 500)),
                            name="pass_is_of_two_visits_at_least",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("price__gte", models.F("visits"))),
                            name="each_visit_of_a_pass_costs_something",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("months", None), ("months__gte", 1), _connector="OR"),
                            name="pass_is_good_for_a_month_at_least",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "loyalty.PassOffer",
                            "created_at id is_on key merchant_id months name name_en needs_pin price programme_id services shops sold_online visits",
                        )
                    ],
                },
                bases=(loyalty.models.passes.Scoped, models.Model),
            ),
            migrations.CreateModel(
                name="PassOfferEvent",
                fields=[
                    *trail("loyalty.passoffer"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("loyalty.programme")),
                    ("name", models.CharField(max_length=40, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                    ("visits", models.PositiveSmallIntegerField(default=10, verbose_name="visits")),
                    ("price", models.PositiveIntegerField(verbose_name="price")),
                    (
                        "months",
                        models.PositiveSmallIntegerField(
                            blank=True, null=True, verbose_name="good for (months)"
                        ),
                    ),
                    (
                        "services",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "shops",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "needs_pin",
                        models.BooleanField(
                            default=False, verbose_name="the customer agrees to each visit with the PIN"
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("is_on", models.BooleanField(default=True, verbose_name="sold")),
                    (
                        "sold_online",
                        models.BooleanField(db_default=False, default=False, verbose_name="also sold online"),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="VisitPass",
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
                            related_name="passes",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "offer",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="passes", to="loyalty.passoffer"
                        ),
                    ),
                    ("name", models.CharField(max_length=40)),
                    ("name_en", models.CharField(blank=True, max_length=60)),
                    ("visits", models.PositiveSmallIntegerField()),
                    ("paid", models.PositiveIntegerField()),
                    ("unearned", models.PositiveIntegerField()),
                    (
                        "services",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "shops",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "lot",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="visit_pass", to="loyalty.lot"
                        ),
                    ),
                    ("key", models.UUIDField()),
                    (
                        "shop",
                        models.ForeignKey(
                            db_index=False, on_delete=models.PROTECT, related_name="+", to="merchants.shop"
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("sold_at", models.DateTimeField()),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                    ("undo_reason", models.CharField(blank=True, max_length=120)),
                ],
                options={
                    "verbose_name": "visit pass",
                    "verbose_name_plural": "visit passes",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="pass_sold_once_per_key"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="visit_pass_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("unearned__lte", models.F("paid"))),
                            name="pass_earns_no_more_than_was_paid",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("undone_at", None), ("undone_by", None)),
                                models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="undone_pass_says_by_whom",
                        ),
                    ],
                    "indexes": [models.Index(fields=["merchant", "-sold_at", "-id"], name="pass_by_time")],
                },
                bases=(loyalty.models.passes.Scoped, models.Model),
            ),
            migrations.CreateModel(
                name="Refund",
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
                            related_name="refunds",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "why",
                        models.CharField(
                            choices=[
                                ("asked", "the holder asked"),
                                ("cooling", "within the cooling-off period"),
                                ("closing", "the shop closes"),
                            ],
                            max_length=7,
                        ),
                    ),
                    ("paid_in", models.BigIntegerField()),
                    ("bonus_in", models.BigIntegerField()),
                    ("left_principal", models.BigIntegerField()),
                    ("left_bonus", models.BigIntegerField()),
                    ("amount", models.BigIntegerField()),
                    (
                        "visit_pass",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="refunds",
                            to="loyalty.visitpass",
                        ),
                    ),
                    ("visits", models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ("key", models.UUIDField()),
                    (
                        "asked_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("asked_at", models.DateTimeField(db_default=Now())),
                    ("paid_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "paid_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("paid_how", models.CharField(blank=True, max_length=60, verbose_name="how it was paid")),
                ],
                options={
                    "verbose_name": "refund of a card",
                    "verbose_name_plural": "refunds of cards",
                    "constraints": [
                        models.UniqueConstraint(fields=("card", "key"), name="refund_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("amount__gte", 0),
                                (
                                    "amount__lte",
                                    CombinedExpression(
                                        models.F("left_principal"), "+", models.F("left_bonus")
                                    ),
                                ),
                            ),
                            name="refund_is_no_more_than_was_left",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("visit_pass", None), ("visits", 0)),
                                models.Q(("visit_pass__isnull", False), ("visits__gt", 0)),
                                _connector="OR",
                            ),
                            name="refund_of_a_pass_takes_its_visits",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("paid_at", None), ("paid_by", None)),
                                models.Q(("paid_at__isnull", False), ("paid_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="paid_refund_says_by_whom",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("paid_at__isnull", True)),
                            fields=["merchant", "asked_at"],
                            name="refund_due",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PassVisit",
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
                        "visit_pass",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="used",
                            to="loyalty.visitpass",
                        ),
                    ),
                    (
                        "entry",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="pass_visit", to="loyalty.entry"
                        ),
                    ),
                    ("visits", models.PositiveSmallIntegerField(db_default=1, default=1)),
                    ("worth", models.PositiveIntegerField()),
                ],
                options={
                    "verbose_name": "visit by a pass",
                    "verbose_name_plural": "visits by passes",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("worth__gt", 0)), name="visit_by_a_pass_is_worth_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("visits__gte", 1)), name="at_one_tap_one_visit_at_least"
                        ),
                    ],
                },
            ),
        ),
    ]
