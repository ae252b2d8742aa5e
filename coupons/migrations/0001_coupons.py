"""Programmes and their terms, coupons and their uses, paper, flash deals, presents."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.migrating import ID, Together, remembered, trail, trigger, was, written_once


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("coupons", "0001_initial"),
        ("coupons", "0003_claim_in_one_question"),
        ("coupons", "0004_nothing_new_of_suspended"),
        ("coupons", "0005_kinds_and_terms"),
        ("coupons", "0006_claims_and_uses_by_terms"),
        ("coupons", "0007_passing_on"),
        ("coupons", "0008_flash_deals"),
        ("coupons", "0009_paper_batches"),
        ("coupons", "0010_which_way_people_came"),
        ("coupons", "0011_claims_know_their_way"),
        ("coupons", "0012_print_orders"),
        ("coupons", "0013_offers_for_segments"),
    ]
    dependencies = [
        ("loyalty", "0007_functions_of_levels"),
        ("merchants", "0004_first_rows"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        Together(
            migrations.CreateModel(
                name="CouponTerms",
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
                        "services",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "shops",
                        ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
                    ),
                    (
                        "weekdays",
                        ArrayField(
                            base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                        ),
                    ),
                    ("opens", models.TimeField(blank=True, null=True, verbose_name="from what time")),
                    ("closes", models.TimeField(blank=True, null=True, verbose_name="until what time")),
                    (
                        "days",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days valid"),
                    ),
                    (
                        "audience",
                        models.CharField(
                            choices=[
                                ("anyone", "Anyone"),
                                ("levels", "Members of some levels"),
                                ("segment", "A segment or list"),
                            ],
                            default="anyone",
                            max_length=8,
                            verbose_name="for whom",
                        ),
                    ),
                    (
                        "levels",
                        ArrayField(
                            base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                        ),
                    ),
                    ("segment", models.BigIntegerField(blank=True, null=True, verbose_name="segment")),
                    (
                        "stacks",
                        models.BooleanField(
                            default=True, verbose_name="together with what the member card gives"
                        ),
                    ),
                    ("is_transferable", models.BooleanField(default=False, verbose_name="may be passed on")),
                    ("has_blackouts", models.BooleanField(default=False)),
                    ("zone", models.CharField(default="Asia/Shanghai", max_length=40)),
                ],
                options={
                    "verbose_name": "coupon terms",
                    "verbose_name_plural": "coupon terms",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="coupon_terms_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6])),
                            name="coupon_weekdays_are_of_a_week",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("closes", None), ("opens", None)),
                                models.Q(
                                    ("closes__isnull", False),
                                    ("opens__isnull", False),
                                    models.Q(("opens", models.F("closes")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="coupon_hours_have_two_ends",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("days", None),
                                models.Q(("days__gte", 1), ("days__lte", 366)),
                                _connector="OR",
                            ),
                            name="coupon_valid_for_a_day_to_a_year",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("audience", "levels"), ("levels__len__gt", 0), ("segment", None)),
                                models.Q(
                                    ("audience", "segment"), ("levels__len", 0), ("segment__isnull", False)
                                ),
                                models.Q(("audience", "anyone"), ("levels__len", 0), ("segment", None)),
                                _connector="OR",
                            ),
                            name="coupon_names_whom_it_is_for",
                        ),
                    ],
                    "triggers": [written_once("coupons.CouponTerms", "coupon_terms_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="CouponBlackout",
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
                        "terms",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.CASCADE,
                            related_name="blackouts",
                            to="coupons.couponterms",
                        ),
                    ),
                    ("starts_on", models.DateField(verbose_name="first day")),
                    ("ends_on", models.DateField(verbose_name="last day")),
                ],
                options={
                    "verbose_name": "day without coupons",
                    "verbose_name_plural": "days without coupons",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                            name="coupon_blackout_ends_after_it_starts",
                        )
                    ],
                    "triggers": [written_once("coupons.CouponBlackout", "coupon_blackouts_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="CouponProgramme",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="coupon_programmes",
                            to="merchants.merchant",
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("title", models.CharField(max_length=40, verbose_name="title")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("amount", "Amount off"),
                                ("percent", "Percent off"),
                                ("fixed", "Fixed price"),
                                ("gift", "Something free"),
                                ("voucher", "Voucher for a service"),
                                ("value", "Value to use in parts"),
                            ],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "amount_off",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="amount off"),
                    ),
                    (
                        "percent_off",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="percent off"),
                    ),
                    ("most_off", models.PositiveIntegerField(blank=True, null=True, verbose_name="at most")),
                    (
                        "price",
                        models.PositiveIntegerField(
                            blank=True, null=True, verbose_name="price with the coupon"
                        ),
                    ),
                    ("item", models.CharField(blank=True, max_length=40, verbose_name="what is free")),
                    ("uses", models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="uses")),
                    ("minimum", models.PositiveIntegerField(default=0, verbose_name="minimum bill")),
                    (
                        "terms",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="coupons.couponterms",
                        ),
                    ),
                    ("stock", models.PositiveIntegerField(verbose_name="how many")),
                    ("per_person", models.PositiveSmallIntegerField(default=1, verbose_name="per person")),
                    ("starts_at", models.DateTimeField(verbose_name="from")),
                    ("ends_at", models.DateTimeField(verbose_name="until")),
                    (
                        "state",
                        models.CharField(
                            choices=[("draft", "Draft"), ("published", "Published"), ("ended", "Ended")],
                            default="draft",
                            max_length=10,
                        ),
                    ),
                    ("claimed", models.PositiveIntegerField(default=0)),
                    ("redeemed", models.PositiveIntegerField(default=0)),
                    ("key", models.UUIDField()),
                    (
                        "created_by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "coupon programme",
                    "verbose_name_plural": "coupon programmes",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("amount_off__gt", 0),
                                    ("item", ""),
                                    ("kind", "amount"),
                                    ("percent_off", None),
                                    ("price", None),
                                ),
                                models.Q(
                                    ("amount_off__gt", 0),
                                    ("item", ""),
                                    ("kind", "value"),
                                    ("percent_off", None),
                                    ("price", None),
                                    ("uses", 1),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("item", ""),
                                    ("kind", "percent"),
                                    ("percent_off__gte", 1),
                                    ("percent_off__lte", 100),
                                    ("price", None),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("kind", "fixed"),
                                    ("percent_off", None),
                                    ("price__gte", 0),
                                    models.Q(("item", ""), _negated=True),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("kind", "gift"),
                                    ("percent_off", None),
                                    ("price", None),
                                    models.Q(("item", ""), _negated=True),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("kind", "voucher"),
                                    ("percent_off", None),
                                    ("price", None),
                                    models.Q(("item", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="coupon_takes_off_what_its_kind_says",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("uses__gte", 1), ("uses__lte", 100)),
                            name="coupon_pack_of_one_to_a_hundred",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("claimed__lte", models.F("stock"))),
                            name="coupons_claimed_within_stock",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("redeemed__lte", models.F("claimed"))),
                            name="coupons_redeemed_within_claimed",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="coupon_programme_ends_after_it_starts",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("per_person__gte", 1)), name="coupon_per_person_at_least_one"
                        ),
                        models.UniqueConstraint(
                            fields=("merchant", "id"), name="coupon_programme_of_merchant"
                        ),
                        models.UniqueConstraint(
                            fields=("merchant", "key"), name="coupon_programme_once_per_key"
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "coupons.CouponProgramme",
                            "amount_off created_at created_by_id ends_at id item key kind merchant_id minimum most_off per_person percent_off price published_at starts_at state stock terms_id title token uses",
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CouponProgrammeEvent",
                fields=[
                    *trail("coupons.couponprogramme"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("token", models.CharField(max_length=16)),
                    ("title", models.CharField(max_length=40, verbose_name="title")),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("amount", "Amount off"),
                                ("percent", "Percent off"),
                                ("fixed", "Fixed price"),
                                ("gift", "Something free"),
                                ("voucher", "Voucher for a service"),
                                ("value", "Value to use in parts"),
                            ],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    (
                        "amount_off",
                        models.PositiveIntegerField(blank=True, null=True, verbose_name="amount off"),
                    ),
                    (
                        "percent_off",
                        models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="percent off"),
                    ),
                    ("most_off", models.PositiveIntegerField(blank=True, null=True, verbose_name="at most")),
                    (
                        "price",
                        models.PositiveIntegerField(
                            blank=True, null=True, verbose_name="price with the coupon"
                        ),
                    ),
                    ("item", models.CharField(blank=True, max_length=40, verbose_name="what is free")),
                    ("uses", models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="uses")),
                    ("minimum", models.PositiveIntegerField(default=0, verbose_name="minimum bill")),
                    ("terms", was("coupons.couponterms")),
                    ("stock", models.PositiveIntegerField(verbose_name="how many")),
                    ("per_person", models.PositiveSmallIntegerField(default=1, verbose_name="per person")),
                    ("starts_at", models.DateTimeField(verbose_name="from")),
                    ("ends_at", models.DateTimeField(verbose_name="until")),
                    (
                        "state",
                        models.CharField(
                            choices=[("draft", "Draft"), ("published", "Published"), ("ended", "Ended")],
                            default="draft",
                            max_length=10,
                        ),
                    ),
                    ("key", models.UUIDField()),
                    ("created_by", was(settings.AUTH_USER_MODEL)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                    ("published_at", models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="Sighting",
                fields=[
                    ID,
                    (
                        "programme",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="sightings", to="coupons.couponprogramme"
                        ),
                    ),
                    ("seen_on", models.DateField()),
                    (
                        "via",
                        models.CharField(
                            choices=[
                                ("link", "Link"),
                                ("page", "Street Corner’s pages"),
                                ("poster", "Poster"),
                                ("paper", "Paper"),
                                ("push", "Push"),
                                ("sms", "Text message"),
                                ("email", "E-mail"),
                                ("inbox", "Inbox"),
                            ],
                            db_default="link",
                            default="link",
                            max_length=6,
                        ),
                    ),
                    ("times", models.PositiveIntegerField(default=0)),
                ],
                options={
                    "verbose_name": "sighting of an offer",
                    "verbose_name_plural": "sightings of offers",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("programme", "seen_on", "via"), name="sighting_once_per_day"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Glance",
                fields=[
                    ID,
                    (
                        "programme",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="+",
                            to="coupons.couponprogramme",
                        ),
                    ),
                    ("seen_on", models.DateField(db_index=True)),
                    ("mark", models.BinaryField(max_length=64)),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("programme", "seen_on", "mark"), name="person_counted_once_a_day"
                        )
                    ]
                },
            ),
            migrations.CreateModel(
                name="PaperBatch",
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
                        "programme",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="batches",
                            to="coupons.couponprogramme",
                        ),
                    ),
                    ("token", models.CharField(max_length=10, unique=True)),
                    ("quantity", models.PositiveSmallIntegerField(verbose_name="how many")),
                    ("key", models.UUIDField()),
                    (
                        "made_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("made_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "batch of paper coupons",
                    "verbose_name_plural": "batches of paper coupons",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "key"), name="paper_batch_once_per_key"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="paper_batch_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(("quantity__gte", 1), ("quantity__lte", 10000)),
                            name="paper_batch_of_one_to_ten_thousand",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="PaperOrder",
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
                        "state",
                        models.CharField(
                            choices=[
                                ("requested", "Requested"),
                                ("printing", "In print"),
                                ("sent", "On its way"),
                                ("received", "Received"),
                                ("refused", "Refused"),
                            ],
                            default="requested",
                            max_length=9,
                            verbose_name="state",
                        ),
                    ),
                    ("address", models.CharField(max_length=200, verbose_name="send to")),
                    ("wish", models.CharField(blank=True, max_length=200, verbose_name="wish")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                    (
                        "asked_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("asked_at", models.DateTimeField(db_default=Now(), verbose_name="asked for")),
                    (
                        "moved_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("moved_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "batch",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="order",
                            to="coupons.paperbatch",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "order of paper coupons",
                    "verbose_name_plural": "orders of paper coupons",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "refused"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="refused_paper_order_says_why",
                        )
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["requested", "printing"])),
                            fields=["asked_at"],
                            name="paper_order_open",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "coupons.PaperOrder",
                            "address asked_at asked_by_id batch_id id merchant_id moved_at moved_by_id reason state wish",
                            inserts=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="PaperOrderEvent",
                fields=[
                    *trail("coupons.paperorder"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("requested", "Requested"),
                                ("printing", "In print"),
                                ("sent", "On its way"),
                                ("received", "Received"),
                                ("refused", "Refused"),
                            ],
                            default="requested",
                            max_length=9,
                            verbose_name="state",
                        ),
                    ),
                    ("address", models.CharField(max_length=200, verbose_name="send to")),
                    ("wish", models.CharField(blank=True, max_length=200, verbose_name="wish")),
                    ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                    ("asked_by", was(settings.AUTH_USER_MODEL)),
                    ("asked_at", models.DateTimeField(db_default=Now(), verbose_name="asked for")),
                    ("moved_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("moved_at", models.DateTimeField(blank=True, null=True)),
                    ("batch", was("coupons.paperbatch")),
                ],
            ),
            migrations.CreateModel(
                name="Coupon",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="coupons",
                            to="merchants.merchant",
                        ),
                    ),
                    (
                        "programme",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="coupons",
                            to="coupons.couponprogramme",
                        ),
                    ),
                    (
                        "terms",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="coupons.couponterms",
                        ),
                    ),
                    (
                        "customer",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="coupons",
                            to="merchants.customer",
                        ),
                    ),
                    (
                        "batch",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="coupons",
                            to="coupons.paperbatch",
                        ),
                    ),
                    ("ordinal", models.PositiveSmallIntegerField(default=1)),
                    (
                        "via",
                        models.CharField(
                            choices=[
                                ("link", "Link"),
                                ("page", "Street Corner’s pages"),
                                ("poster", "Poster"),
                                ("paper", "Paper"),
                                ("push", "Push"),
                                ("sms", "Text message"),
                                ("email", "E-mail"),
                                ("inbox", "Inbox"),
                            ],
                            db_default="link",
                            default="link",
                            max_length=6,
                            verbose_name="came by",
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("issued", "Nobody’s yet"),
                                ("claimed", "Claimed"),
                                ("held", "Reserved"),
                                ("redeemed", "Used"),
                                ("returned", "Given back"),
                                ("revoked", "Cancelled by shop"),
                            ],
                            default="claimed",
                            max_length=8,
                        ),
                    ),
                    ("title", models.CharField(max_length=40)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("amount", "Amount off"),
                                ("percent", "Percent off"),
                                ("fixed", "Fixed price"),
                                ("gift", "Something free"),
                                ("voucher", "Voucher for a service"),
                                ("value", "Value to use in parts"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("amount_off", models.PositiveIntegerField(blank=True, null=True)),
                    ("percent_off", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ("most_off", models.PositiveIntegerField(blank=True, null=True)),
                    ("price", models.PositiveIntegerField(blank=True, null=True)),
                    ("item", models.CharField(blank=True, db_default="", max_length=40)),
                    ("uses", models.PositiveSmallIntegerField(db_default=1, default=1)),
                    ("minimum", models.PositiveIntegerField(default=0)),
                    ("times", models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ("spent", models.PositiveIntegerField(db_default=0, default=0)),
                    ("held_until", models.DateTimeField(blank=True, null=True)),
                    ("hold_key", models.UUIDField(blank=True, null=True)),
                    ("revoked_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "revoked_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("revoke_reason", models.CharField(blank=True, db_default="", max_length=120)),
                    ("valid_from", models.DateTimeField()),
                    ("valid_until", models.DateTimeField()),
                    ("key", models.UUIDField()),
                    ("claimed_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "coupon",
                    "verbose_name_plural": "coupons",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("programme", "customer", "ordinal"),
                            name="coupon_once_per_person_and_turn",
                        ),
                        models.UniqueConstraint(fields=("customer", "key"), name="coupon_once_per_claim"),
                        models.UniqueConstraint(fields=("merchant", "id"), name="coupon_of_merchant"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("amount_off__gt", 0),
                                    ("item", ""),
                                    ("kind", "amount"),
                                    ("percent_off", None),
                                    ("price", None),
                                ),
                                models.Q(
                                    ("amount_off__gt", 0),
                                    ("item", ""),
                                    ("kind", "value"),
                                    ("percent_off", None),
                                    ("price", None),
                                    ("uses", 1),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("item", ""),
                                    ("kind", "percent"),
                                    ("percent_off__gte", 1),
                                    ("percent_off__lte", 100),
                                    ("price", None),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("kind", "fixed"),
                                    ("percent_off", None),
                                    ("price__gte", 0),
                                    models.Q(("item", ""), _negated=True),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("kind", "gift"),
                                    ("percent_off", None),
                                    ("price", None),
                                    models.Q(("item", ""), _negated=True),
                                ),
                                models.Q(
                                    ("amount_off", None),
                                    ("kind", "voucher"),
                                    ("percent_off", None),
                                    ("price", None),
                                    models.Q(("item", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="coupon_says_what_its_kind_says",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "value"), ("spent__lte", models.F("amount_off"))),
                                models.Q(("spent", 0), ("times__lte", models.F("uses"))),
                                _connector="OR",
                            ),
                            name="coupon_used_no_more_than_it_allows",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("state", "redeemed"),
                                    models.Q(
                                        models.Q(("kind", "value"), ("spent", models.F("amount_off"))),
                                        models.Q(
                                            models.Q(("kind", "value"), _negated=True),
                                            ("times", models.F("uses")),
                                        ),
                                        _connector="OR",
                                    ),
                                ),
                                models.Q(
                                    models.Q(("state", "redeemed"), _negated=True),
                                    models.Q(
                                        models.Q(("kind", "value"), ("spent", models.F("amount_off"))),
                                        models.Q(
                                            models.Q(("kind", "value"), _negated=True),
                                            ("times", models.F("uses")),
                                        ),
                                        _connector="OR",
                                        _negated=True,
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="coupon_is_used_exactly_when_used_up",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("held_until__isnull", False),
                                    ("hold_key__isnull", False),
                                    ("state", "held"),
                                ),
                                models.Q(
                                    models.Q(("state", "held"), _negated=True),
                                    ("held_until", None),
                                    ("hold_key", None),
                                ),
                                _connector="OR",
                            ),
                            name="held_coupon_says_until_when",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("revoked_at__isnull", False),
                                    ("revoked_by__isnull", False),
                                    ("state", "revoked"),
                                ),
                                models.Q(
                                    models.Q(("state", "revoked"), _negated=True),
                                    ("revoked_at", None),
                                    ("revoked_by", None),
                                ),
                                _connector="OR",
                            ),
                            name="cancelled_coupon_says_by_whom",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ["claimed", "held"]), _negated=True),
                                ("customer__isnull", False),
                                _connector="OR",
                            ),
                            name="claimed_coupon_has_a_holder",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("customer__isnull", False), ("batch__isnull", False), _connector="OR"
                            ),
                            name="coupon_without_a_holder_is_on_paper",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ["claimed", "returned"])),
                            fields=["valid_until"],
                            name="coupon_ending",
                        ),
                        models.Index(
                            condition=models.Q(("state", "held")), fields=["held_until"], name="coupon_held"
                        ),
                        models.Index(
                            condition=models.Q(("batch__isnull", False)),
                            fields=["batch", "id"],
                            name="coupon_on_paper",
                        ),
                    ],
                    "triggers": [
                        *remembered(
                            "coupons.Coupon",
                            "amount_off batch_id claimed_at customer_id held_until hold_key id item key kind merchant_id minimum most_off ordinal percent_off price programme_id revoke_reason revoked_at revoked_by_id spent state terms_id times title token uses valid_from valid_until via",
                            inserts=False,
                        ),
                        trigger(
                            "coupons.Coupon",
                            "coupon_moves_as_allowed",
                            when="BEFORE",
                            operation="UPDATE",
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{issued:claimed,issued:redeemed,issued:revoked,claimed:held,claimed:redeemed,claimed:revoked,held:claimed,held:redeemed,held:revoked,redeemed:returned,returned:claimed,returned:held,returned:redeemed,returned:revoked}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                        ),
                        trigger(
                            "coupons.Coupon",
                            "coupon_keeps_its_terms",
                            when="BEFORE",
                            operation="UPDATE",
                            condition='WHEN (OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."amount_off" IS DISTINCT FROM (NEW."amount_off") OR OLD."percent_off" IS DISTINCT FROM (NEW."percent_off") OR OLD."most_off" IS DISTINCT FROM (NEW."most_off") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."item" IS DISTINCT FROM (NEW."item") OR OLD."uses" IS DISTINCT FROM (NEW."uses") OR OLD."minimum" IS DISTINCT FROM (NEW."minimum") OR OLD."terms_id" IS DISTINCT FROM (NEW."terms_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CouponEvent",
                fields=[
                    *trail("coupons.coupon"),
                    ("id", models.BigIntegerField()),
                    ("merchant", was("merchants.merchant")),
                    ("programme", was("coupons.couponprogramme")),
                    ("terms", was("coupons.couponterms")),
                    ("customer", was("merchants.customer", blank=True, null=True)),
                    ("batch", was("coupons.paperbatch", blank=True, null=True)),
                    ("ordinal", models.PositiveSmallIntegerField(default=1)),
                    (
                        "via",
                        models.CharField(
                            choices=[
                                ("link", "Link"),
                                ("page", "Street Corner’s pages"),
                                ("poster", "Poster"),
                                ("paper", "Paper"),
                                ("push", "Push"),
                                ("sms", "Text message"),
                                ("email", "E-mail"),
                                ("inbox", "Inbox"),
                            ],
                            db_default="link",
                            default="link",
                            max_length=6,
                            verbose_name="came by",
                        ),
                    ),
                    ("token", models.CharField(max_length=16)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("issued", "Nobody’s yet"),
                                ("claimed", "Claimed"),
                                ("held", "Reserved"),
                                ("redeemed", "Used"),
                                ("returned", "Given back"),
                                ("revoked", "Cancelled by shop"),
                            ],
                            default="claimed",
                            max_length=8,
                        ),
                    ),
                    ("title", models.CharField(max_length=40)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("amount", "Amount off"),
                                ("percent", "Percent off"),
                                ("fixed", "Fixed price"),
                                ("gift", "Something free"),
                                ("voucher", "Voucher for a service"),
                                ("value", "Value to use in parts"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("amount_off", models.PositiveIntegerField(blank=True, null=True)),
                    ("percent_off", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ("most_off", models.PositiveIntegerField(blank=True, null=True)),
                    ("price", models.PositiveIntegerField(blank=True, null=True)),
                    ("item", models.CharField(blank=True, db_default="", max_length=40)),
                    ("uses", models.PositiveSmallIntegerField(db_default=1, default=1)),
                    ("minimum", models.PositiveIntegerField(default=0)),
                    ("times", models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ("spent", models.PositiveIntegerField(db_default=0, default=0)),
                    ("held_until", models.DateTimeField(blank=True, null=True)),
                    ("hold_key", models.UUIDField(blank=True, null=True)),
                    ("revoked_at", models.DateTimeField(blank=True, null=True)),
                    ("revoked_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                    ("revoke_reason", models.CharField(blank=True, db_default="", max_length=120)),
                    ("valid_from", models.DateTimeField()),
                    ("valid_until", models.DateTimeField()),
                    ("key", models.UUIDField()),
                    ("claimed_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="Redemption",
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
                        "coupon",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="redemptions",
                            to="coupons.coupon",
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
                    ("turn", models.PositiveSmallIntegerField(db_default=1, default=1)),
                    ("bill", models.PositiveIntegerField()),
                    ("discount", models.PositiveIntegerField()),
                    ("key", models.UUIDField(unique=True)),
                    ("redeemed_at", models.DateTimeField(db_default=Now())),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "redemption",
                    "verbose_name_plural": "redemptions",
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("undone_at", None)),
                            fields=("coupon", "turn"),
                            name="coupon_redeemed_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("turn__gte", 1)), name="coupon_turns_count_from_one"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("discount__lte", models.F("bill"))),
                            name="discount_within_bill",
                        ),
                    ],
                    "indexes": [models.Index(fields=["merchant", "-id"], name="redemption_of_merchant")],
                },
            ),
            migrations.CreateModel(
                name="FlashDeal",
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
                        "programme",
                        models.OneToOneField(
                            db_constraint=False,
                            on_delete=models.PROTECT,
                            related_name="flash_deal",
                            to="coupons.couponprogramme",
                        ),
                    ),
                    ("made_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "flash deal",
                    "verbose_name_plural": "flash deals",
                    "constraints": [
                        models.UniqueConstraint(fields=("merchant", "id"), name="flash_deal_of_merchant")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Present",
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
                        "coupon",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=models.CASCADE,
                            related_name="presents",
                            to="coupons.coupon",
                        ),
                    ),
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("key", models.UUIDField()),
                    (
                        "given_by",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("given_at", models.DateTimeField(db_default=Now())),
                    ("until", models.DateTimeField()),
                    (
                        "taken_by",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("taken_at", models.DateTimeField(blank=True, null=True)),
                    ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
        ),
    ]
