"""Sales with their lines and savings, goods that come back, online payments, tills without a network."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from portal.kernel.migrating import ID, Together, remembered, trail, was


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("orders", "0001_initial"),
        ("orders", "0003_payments"),
        ("orders", "0004_purchases_count_towards_levels"),
        ("orders", "0005_savings_of_a_sale"),
        ("orders", "0006_goods_that_come_back"),
        ("orders", "0007_tenders"),
        ("orders", "0008_goods_come_back_by_their_sale"),
        ("orders", "0009_visits_pay"),
        ("orders", "0010_coupons_without_a_network"),
        ("orders", "0011_passes_are_paid_online"),
    ]
    dependencies = [
        ("coupons", "0002_walls_claims_and_uses"),
        ("loyalty", "0007_functions_of_levels"),
        ("merchants", "0004_first_rows"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.CreateModel(
                name="Purchase",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="purchases",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="purchases", to="merchants.shop"
                        ),
                    ),
                    (
                        "customer",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="purchases",
                            to="merchants.customer",
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="purchases",
                            to="loyalty.card",
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("bill", models.PositiveIntegerField()),
                    ("discount", models.PositiveIntegerField(default=0)),
                    ("paid", models.PositiveIntegerField()),
                    ("points", models.PositiveIntegerField(default=0)),
                    (
                        "redemption",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="purchase",
                            to="coupons.redemption",
                        ),
                    ),
                    (
                        "entry",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="purchase",
                            to="loyalty.entry",
                        ),
                    ),
                    ("key", models.UUIDField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("made_at", models.DateTimeField(db_default=Now())),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "undone_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("undo_reason", models.CharField(blank=True, max_length=120)),
                    ("returned_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "purchase",
                    "verbose_name_plural": "purchases",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="purchase_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("bill", CombinedExpression(models.F("discount"), "+", models.F("paid")))
                            ),
                            name="purchase_adds_up",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("bill__gt", 0)), name="purchase_of_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("undone_at", None), ("undone_by", None)),
                                models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="undone_purchase_says_by_whom",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["merchant", "-made_at", "id"], name="purchase_by_time"),
                        models.Index(
                            fields=["merchant", "customer", "-made_at"], name="purchase_of_customer"
                        ),
                        models.Index(fields=["customer", "-id"], name="purchase_of_person"),
                    ],
                    "triggers": [
                        *remembered(
                            "orders.Purchase",
                            "bill by_id card_id customer_id discount entry_id id key made_at merchant_id paid points redemption_id returned_at shop_id token undo_reason undone_at undone_by_id",
                            inserts=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PurchaseEvent",
                fields=[
                    *trail("orders.purchase"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("shop", was("merchants.shop")),
                    ("customer", was("merchants.customer", blank=True, null=True)),
                    ("card", was("loyalty.card", blank=True, null=True)),
                    ("token", models.CharField(max_length=16)),
                    ("bill", models.PositiveIntegerField()),
                    ("discount", models.PositiveIntegerField(default=0)),
                    ("paid", models.PositiveIntegerField()),
                    ("points", models.PositiveIntegerField(default=0)),
                    ("redemption", was("coupons.redemption", blank=True, null=True)),
                    ("entry", was("loyalty.entry", blank=True, null=True)),
                    ("key", models.UUIDField()),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("made_at", models.DateTimeField(db_default=Now())),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                    ("undone_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("undo_reason", models.CharField(blank=True, max_length=120)),
                    ("returned_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="WrongCode",
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
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("tried_at", models.DateTimeField(db_default=Now())),
                ],
                options={"indexes": [models.Index(fields=["by", "-tried_at"], name="wrong_code_of_person")]},
            ),
            migrations.CreateModel(
                name="PurchaseLine",
                fields=[
                    ID,
                    (
                        "purchase",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="lines", to="orders.purchase"
                        ),
                    ),
                    (
                        "service",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="merchants.service",
                        ),
                    ),
                    ("said", models.CharField(blank=True, max_length=80)),
                    ("quantity", models.PositiveIntegerField(default=1)),
                    ("amount", models.PositiveIntegerField()),
                    ("discount", models.PositiveIntegerField(default=0)),
                    ("level_off", models.PositiveIntegerField(db_default=0, default=0)),
                    ("points_off", models.PositiveIntegerField(db_default=0, default=0)),
                    ("points", models.PositiveIntegerField(db_default=0, default=0)),
                ],
                options={
                    "verbose_name": "line of a purchase",
                    "verbose_name_plural": "lines of purchases",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("discount__lte", models.F("amount"))),
                            name="line_discount_within_amount",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "discount__gte",
                                    CombinedExpression(models.F("level_off"), "+", models.F("points_off")),
                                )
                            ),
                            name="line_discount_holds_its_parts",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Saving",
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
                        "purchase",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="savings",
                            to="orders.purchase",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[("level", "Member level"), ("points", "Points used")], max_length=6
                        ),
                    ),
                    ("amount", models.PositiveIntegerField()),
                    ("said", models.CharField(blank=True, max_length=20)),
                    ("said_en", models.CharField(blank=True, max_length=20)),
                    (
                        "entry",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="saving",
                            to="loyalty.entry",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "saving",
                    "verbose_name_plural": "savings",
                    "constraints": [
                        models.UniqueConstraint(fields=("purchase", "kind"), name="saving_once_per_kind"),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="saving_saves_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("entry__isnull", False), ("kind", "points")),
                                models.Q(("entry", None), ("kind", "level")),
                                _connector="OR",
                            ),
                            name="points_used_have_an_entry",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="OfflineRule",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="offline_rule", to="merchants.merchant"
                        ),
                    ),
                    ("is_on", models.BooleanField(default=True)),
                    ("most_waiting", models.PositiveSmallIntegerField(default=10)),
                    ("most_off", models.PositiveIntegerField(default=5000)),
                    ("hours", models.PositiveSmallIntegerField(default=4)),
                ],
                options={
                    "verbose_name": "rule for tills without a network",
                    "verbose_name_plural": "rules for tills without a network",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("most_waiting__range", (1, 50)),
                                ("most_off__gt", 0),
                                ("hours__range", (1, 24)),
                            ),
                            name="offline_rule_in_bounds",
                        )
                    ],
                    "triggers": [
                        *remembered("orders.OfflineRule", "hours id is_on merchant_id most_off most_waiting")
                    ],
                },
            ),
            migrations.CreateModel(
                name="OfflineRuleEvent",
                fields=[
                    *trail("orders.offlinerule"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("is_on", models.BooleanField(default=True)),
                    ("most_waiting", models.PositiveSmallIntegerField(default=10)),
                    ("most_off", models.PositiveIntegerField(default=5000)),
                    ("hours", models.PositiveSmallIntegerField(default=4)),
                ],
            ),
            migrations.CreateModel(
                name="OfflineUse",
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
                        "shop",
                        models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="merchants.shop"),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("nonce", models.UUIDField()),
                    ("grant", models.CharField(max_length=32)),
                    ("code", models.CharField(max_length=200)),
                    (
                        "coupon",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="coupons.coupon",
                        ),
                    ),
                    ("bill", models.PositiveIntegerField()),
                    ("given", models.PositiveIntegerField()),
                    ("used_at", models.DateTimeField()),
                    ("arrived_at", models.DateTimeField(db_default=Now())),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("settled", "settled"),
                                ("conflict", "to be looked at"),
                                ("counted", "counted without the coupon"),
                                ("set_aside", "set aside"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("reasons", models.JSONField(blank=True, default=dict)),
                    (
                        "sale",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="kept_as",
                            to="orders.purchase",
                        ),
                    ),
                    (
                        "decided_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ("note", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "verbose_name": "coupon taken without a network",
                    "verbose_name_plural": "coupons taken without a network",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("merchant", "nonce"), name="offline_use_arrives_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("given__gt", 0), ("given__lte", models.F("bill"))),
                            name="offline_use_gives_within_its_bill",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("sale__isnull", False), ("state__in", ["settled", "counted"])),
                                models.Q(("given", models.F("bill")), ("sale", None), ("state", "counted")),
                                models.Q(("sale", None), ("state__in", ["conflict", "set_aside"])),
                                _connector="OR",
                            ),
                            name="offline_use_counted_has_its_sale",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_by", None), ("state__in", ["settled", "conflict"])),
                                models.Q(
                                    ("decided_at__isnull", False),
                                    ("decided_by__isnull", False),
                                    ("state__in", ["counted", "set_aside"]),
                                ),
                                _connector="OR",
                            ),
                            name="offline_use_is_decided_by_somebody",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "conflict")),
                            fields=["merchant", "-used_at"],
                            name="offline_use_to_be_looked_at",
                        ),
                        models.Index(fields=["grant", "used_at"], name="offline_use_by_till"),
                    ],
                    "triggers": [
                        *remembered(
                            "orders.OfflineUse",
                            "arrived_at bill by_id code coupon_id decided_at decided_by_id given grant id merchant_id nonce note reasons sale_id shop_id state used_at",
                            inserts=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="OfflineUseEvent",
                fields=[
                    *trail("orders.offlineuse"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("shop", was("merchants.shop")),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("nonce", models.UUIDField()),
                    ("grant", models.CharField(max_length=32)),
                    ("code", models.CharField(max_length=200)),
                    ("coupon", was("coupons.coupon", blank=True, null=True)),
                    ("bill", models.PositiveIntegerField()),
                    ("given", models.PositiveIntegerField()),
                    ("used_at", models.DateTimeField()),
                    ("arrived_at", models.DateTimeField(db_default=Now())),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("settled", "settled"),
                                ("conflict", "to be looked at"),
                                ("counted", "counted without the coupon"),
                                ("set_aside", "set aside"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("reasons", models.JSONField(blank=True, default=dict)),
                    ("sale", was("orders.purchase", blank=True, null=True)),
                    ("decided_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ("note", models.CharField(blank=True, max_length=200)),
                ],
            ),
            migrations.CreateModel(
                name="Payment",
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
                        "shop",
                        models.ForeignKey(
                            db_index=False, on_delete=models.PROTECT, related_name="+", to="merchants.shop"
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="payments",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="payments",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("gateway", models.CharField(max_length=20)),
                    ("amount", models.PositiveIntegerField()),
                    ("currency", models.CharField(max_length=3)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("asked", "waiting for the payment"),
                                ("credited", "paid"),
                                ("failed", "not paid"),
                                ("lapsed", "not paid in time"),
                                ("owed", "paid, to be given back"),
                                ("returned", "given back"),
                            ],
                            default="asked",
                            max_length=8,
                        ),
                    ),
                    ("key", models.UUIDField()),
                    (
                        "top_up",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="payment",
                            to="loyalty.topup",
                        ),
                    ),
                    (
                        "offer",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="loyalty.passoffer",
                        ),
                    ),
                    ("promise", models.JSONField(blank=True, null=True)),
                    (
                        "visit_pass",
                        models.OneToOneField(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="payment",
                            to="loyalty.visitpass",
                        ),
                    ),
                    ("problem", models.CharField(blank=True, max_length=200)),
                    ("asked_at", models.DateTimeField(db_default=Now())),
                    ("lapses_at", models.DateTimeField()),
                    ("settled_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "payment",
                    "verbose_name_plural": "payments",
                    "constraints": [
                        models.UniqueConstraint(fields=("by", "key"), name="payment_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="payment_of_something"
                        ),
                        models.CheckConstraint(
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
                                    models.Q(("state", "credited"), _negated=True),
                                    ("top_up", None),
                                    ("visit_pass", None),
                                ),
                                _connector="OR",
                            ),
                            name="credited_payment_names_what_it_paid",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("offer", None), ("promise__isnull", True)),
                                models.Q(("offer__isnull", False), ("promise__isnull", False)),
                                _connector="OR",
                            ),
                            name="payment_for_a_pass_keeps_its_promise",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "asked")),
                            fields=["lapses_at"],
                            name="payment_to_lapse",
                        ),
                        models.Index(fields=["merchant", "-asked_at"], name="payment_by_time"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PaymentNotice",
                fields=[
                    ID,
                    ("gateway", models.CharField(max_length=20)),
                    ("event", models.CharField(max_length=64)),
                    ("token", models.CharField(max_length=16)),
                    ("paid", models.BooleanField()),
                    ("amount", models.BigIntegerField()),
                    ("currency", models.CharField(max_length=3)),
                    ("verdict", models.CharField(blank=True, max_length=200)),
                    ("came_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "payment notice",
                    "verbose_name_plural": "payment notices",
                    "constraints": [
                        models.UniqueConstraint(fields=("gateway", "event"), name="notice_once_per_event")
                    ],
                },
            ),
            migrations.CreateModel(
                name="SimulatedDecision",
                fields=[
                    (
                        "payment",
                        models.OneToOneField(
                            on_delete=models.CASCADE,
                            primary_key=True,
                            related_name="+",
                            serialize=False,
                            to="orders.payment",
                        ),
                    ),
                    ("paid", models.BooleanField()),
                ],
            ),
            migrations.CreateModel(
                name="Return",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="returns",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "shop",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="returns", to="merchants.shop"
                        ),
                    ),
                    (
                        "customer",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="returns",
                            to="merchants.customer",
                        ),
                    ),
                    (
                        "card",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="returns",
                            to="loyalty.card",
                        ),
                    ),
                    (
                        "line",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="returns",
                            to="orders.purchaseline",
                        ),
                    ),
                    ("amount", models.PositiveIntegerField()),
                    ("points", models.PositiveIntegerField(default=0)),
                    ("key", models.UUIDField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("reason", models.CharField(max_length=120)),
                    ("made_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "return of goods",
                    "verbose_name_plural": "returns of goods",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="return_once_per_key"),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="return_of_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("points", 0), models.Q(("card", None), _negated=True), _connector="OR"
                            ),
                            name="return_takes_points_from_a_card",
                        ),
                    ],
                    "indexes": [models.Index(fields=["merchant", "-made_at", "id"], name="return_by_time")],
                    "triggers": [
                        *remembered(
                            "orders.Return",
                            "amount by_id card_id customer_id id key line_id made_at merchant_id points reason shop_id",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReturnEvent",
                fields=[
                    *trail("orders.return"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("shop", was("merchants.shop")),
                    ("customer", was("merchants.customer", blank=True, null=True)),
                    ("card", was("loyalty.card", blank=True, null=True)),
                    ("line", was("orders.purchaseline", blank=True, null=True)),
                    ("amount", models.PositiveIntegerField()),
                    ("points", models.PositiveIntegerField(default=0)),
                    ("key", models.UUIDField()),
                    ("by", was(settings.AUTH_USER_MODEL)),
                    ("reason", models.CharField(max_length=120)),
                    ("made_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Tender",
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
                        "purchase",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="tenders",
                            to="orders.purchase",
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
                    ("amount", models.PositiveIntegerField()),
                    (
                        "entry",
                        models.OneToOneField(
                            on_delete=models.PROTECT, related_name="tender", to="loyalty.entry"
                        ),
                    ),
                    (
                        "approval",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="tenders",
                            to="loyalty.approval",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "payment from a card",
                    "verbose_name_plural": "payments from cards",
                    "constraints": [
                        models.UniqueConstraint(fields=("purchase", "kind"), name="tender_once_per_kind"),
                        models.CheckConstraint(
                            condition=models.Q(("amount__gt", 0)), name="tender_of_something"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("approval__isnull", False), ("kind__in", ("principal", "bonus"))),
                                ("kind", "visits"),
                                _connector="OR",
                            ),
                            name="tender_is_agreed_money_or_a_visit",
                        ),
                    ],
                },
            ),
        ),
    ]
