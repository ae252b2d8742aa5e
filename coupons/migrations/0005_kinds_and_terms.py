"""Seven kinds of coupons, the terms they share, and the moves that they may make."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Until now every coupon held everywhere and always: one row of such terms for each merchant.
FILL = [
    "SET CONSTRAINTS ALL IMMEDIATE",
    """
    INSERT INTO coupons_couponterms (
        merchant_id, services, shops, weekdays, audience, levels, stacks, is_transferable, has_blackouts, zone)
    SELECT m.merchant_id, '{}', '{}', '{}', 'anyone', '{}', true, false, false, coalesce((
        SELECT s.time_zone FROM merchants_shop s WHERE s.merchant_id = m.merchant_id ORDER BY s.id LIMIT 1),
        'Asia/Shanghai')
    FROM (SELECT DISTINCT merchant_id FROM coupons_couponprogramme) m
    """,
    *(
        f"UPDATE {table} c SET terms_id = t.id"  # noqa: S608 - the names stand below
        " FROM coupons_couponterms t WHERE t.merchant_id = c.merchant_id"
        for table in (
            *("coupons_couponprogramme", "coupons_couponprogrammeevent"),
            *("coupons_coupon", "coupons_couponevent"),
        )
    ),
    "UPDATE coupons_coupon SET times = 1 WHERE state = 'redeemed'",
    """
    UPDATE coupons_coupon c SET revoked_at = c.claimed_at, revoked_by_id = p.created_by_id
    FROM coupons_couponprogramme p WHERE p.id = c.programme_id AND c.state = 'revoked'
    """,
]


class Migration(migrations.Migration):
    dependencies = [
        ("coupons", "0004_nothing_new_of_suspended"),
        ("merchants", "0017_listings_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="coupon",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="coupon",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="couponprogramme",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="couponprogramme",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="couponprogramme",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="couponprogramme",
            name="coupon_takes_off_an_amount_or_a_percentage",
        ),
        migrations.RemoveConstraint(
            model_name="redemption",
            name="coupon_redeemed_once",
        ),
        migrations.CreateModel(
            name="CouponBlackout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
            ],
            options={
                "verbose_name": "day without coupons",
                "verbose_name_plural": "days without coupons",
            },
        ),
        migrations.CreateModel(
            name="CouponTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "shops",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("opens", models.TimeField(blank=True, null=True, verbose_name="from what time")),
                ("closes", models.TimeField(blank=True, null=True, verbose_name="until what time")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days valid")),
                (
                    "audience",
                    models.CharField(
                        choices=[("anyone", "Anyone"), ("levels", "Members of some levels")],
                        default="anyone",
                        max_length=8,
                        verbose_name="for whom",
                    ),
                ),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
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
            },
        ),
        migrations.AddField(
            model_name="coupon",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="coupon",
            name="hold_key",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="coupon",
            name="item",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="coupon",
            name="price",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="coupon",
            name="revoke_reason",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
        migrations.AddField(
            model_name="coupon",
            name="revoked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="coupon",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="spent",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="coupon",
            name="times",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="coupon",
            name="uses",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="hold_key",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="item",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="price",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="revoke_reason",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="revoked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="revoked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="spent",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="times",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="uses",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="couponprogramme",
            name="item",
            field=models.CharField(blank=True, max_length=40, verbose_name="what is free"),
        ),
        migrations.AddField(
            model_name="couponprogramme",
            name="price",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="price with the coupon"),
        ),
        migrations.AddField(
            model_name="couponprogramme",
            name="uses",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="uses"),
        ),
        migrations.AddField(
            model_name="couponprogrammeevent",
            name="item",
            field=models.CharField(blank=True, max_length=40, verbose_name="what is free"),
        ),
        migrations.AddField(
            model_name="couponprogrammeevent",
            name="price",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="price with the coupon"),
        ),
        migrations.AddField(
            model_name="couponprogrammeevent",
            name="uses",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="uses"),
        ),
        migrations.AddField(
            model_name="redemption",
            name="turn",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="couponblackout",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="merchants.merchant",
            ),
        ),
        migrations.AddField(
            model_name="couponterms",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="merchants.merchant",
            ),
        ),
        migrations.AddField(
            model_name="couponblackout",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="blackouts",
                to="coupons.couponterms",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AddField(
            model_name="couponevent",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AddField(
            model_name="couponprogramme",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AddField(
            model_name="couponprogrammeevent",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AlterField(
            model_name="coupon",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coupons",
                to="merchants.customer",
            ),
        ),
        migrations.AlterField(
            model_name="coupon",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="coupon",
            name="state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="couponevent",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="merchants.customer",
            ),
        ),
        migrations.AlterField(
            model_name="couponevent",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="couponevent",
            name="state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="couponprogramme",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="couponprogrammeevent",
            name="kind",
            field=models.CharField(
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
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="coupon",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AlterField(
            model_name="couponevent",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AlterField(
            model_name="couponprogramme",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AlterField(
            model_name="couponprogrammeevent",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="coupons.couponterms",
            ),
        ),
        migrations.AddConstraint(
            model_name="redemption",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)),
                fields=("coupon", "turn"),
                name="coupon_redeemed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="redemption",
            constraint=models.CheckConstraint(
                condition=models.Q(("turn__gte", 1)), name="coupon_turns_count_from_one"
            ),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(
                condition=models.Q(("state__in", ["claimed", "returned"])),
                fields=["valid_until"],
                name="coupon_ending",
            ),
        ),
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(
                condition=models.Q(("state", "held")), fields=["held_until"], name="coupon_held"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "value"), ("spent__lte", models.F("amount_off"))),
                    models.Q(("spent", 0), ("times__lte", models.F("uses"))),
                    _connector="OR",
                ),
                name="coupon_used_no_more_than_it_allows",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "redeemed"),
                        models.Q(
                            models.Q(("kind", "value"), ("spent", models.F("amount_off"))),
                            models.Q(models.Q(("kind", "value"), _negated=True), ("times", models.F("uses"))),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        models.Q(("state", "redeemed"), _negated=True),
                        models.Q(
                            models.Q(("kind", "value"), ("spent", models.F("amount_off"))),
                            models.Q(models.Q(("kind", "value"), _negated=True), ("times", models.F("uses"))),
                            _connector="OR",
                            _negated=True,
                        ),
                    ),
                    _connector="OR",
                ),
                name="coupon_is_used_exactly_when_used_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_until__isnull", False), ("hold_key__isnull", False), ("state", "held")),
                    models.Q(
                        models.Q(("state", "held"), _negated=True), ("held_until", None), ("hold_key", None)
                    ),
                    _connector="OR",
                ),
                name="held_coupon_says_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("revoked_at__isnull", False), ("revoked_by__isnull", False), ("state", "revoked")
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
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["claimed", "held"]), _negated=True),
                    ("customer__isnull", False),
                    _connector="OR",
                ),
                name="claimed_coupon_has_a_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="couponprogramme",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="couponprogramme",
            constraint=models.CheckConstraint(
                condition=models.Q(("uses__gte", 1), ("uses__lte", 100)),
                name="coupon_pack_of_one_to_a_hundred",
            ),
        ),
        migrations.AddConstraint(
            model_name="couponterms",
            constraint=models.UniqueConstraint(fields=("merchant", "id"), name="coupon_terms_of_merchant"),
        ),
        migrations.AddConstraint(
            model_name="couponterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6])),
                name="coupon_weekdays_are_of_a_week",
            ),
        ),
        migrations.AddConstraint(
            model_name="couponterms",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="couponterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("days", None), models.Q(("days__gte", 1), ("days__lte", 366)), _connector="OR"
                ),
                name="coupon_valid_for_a_day_to_a_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="couponterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("audience", "levels"), ("levels__len__gt", 0)),
                    models.Q(("audience", "anyone"), ("levels__len", 0)),
                    _connector="OR",
                ),
                name="coupon_for_levels_names_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="couponblackout",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="coupon_blackout_ends_after_it_starts",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coupon",
            trigger=pgtrigger.compiler.Trigger(
                name="coupon_moves_as_allowed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{issued:claimed,issued:redeemed,issued:revoked,claimed:held,claimed:redeemed,claimed:revoked,held:claimed,held:redeemed,held:revoked,redeemed:returned,returned:claimed,returned:held,returned:redeemed,returned:revoked}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="7cf80646624b3b8b046e3363386586c8251838f0",
                    operation="UPDATE",
                    pgid="pgtrigger_coupon_moves_as_allowed_0e214",
                    table="coupons_coupon",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coupon",
            trigger=pgtrigger.compiler.Trigger(
                name="coupon_keeps_its_terms",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."amount_off" IS DISTINCT FROM (NEW."amount_off") OR OLD."percent_off" IS DISTINCT FROM (NEW."percent_off") OR OLD."most_off" IS DISTINCT FROM (NEW."most_off") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."item" IS DISTINCT FROM (NEW."item") OR OLD."uses" IS DISTINCT FROM (NEW."uses") OR OLD."minimum" IS DISTINCT FROM (NEW."minimum") OR OLD."terms_id" IS DISTINCT FROM (NEW."terms_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="91c9ed6379ad68f458359dea4e488d93aba64cf1",
                    operation="UPDATE",
                    pgid="pgtrigger_coupon_keeps_its_terms_4c0da",
                    table="coupons_coupon",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coupon",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "coupons_couponevent" ("amount_off", "claimed_at", "customer_id", "held_until", "hold_key", "id", "item", "key", "kind", "merchant_id", "minimum", "most_off", "ordinal", "percent_off", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "revoke_reason", "revoked_at", "revoked_by_id", "spent", "state", "terms_id", "times", "title", "token", "uses", "valid_from", "valid_until") VALUES (NEW."amount_off", NEW."claimed_at", NEW."customer_id", NEW."held_until", NEW."hold_key", NEW."id", NEW."item", NEW."key", NEW."kind", NEW."merchant_id", NEW."minimum", NEW."most_off", NEW."ordinal", NEW."percent_off", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price", NEW."programme_id", NEW."revoke_reason", NEW."revoked_at", NEW."revoked_by_id", NEW."spent", NEW."state", NEW."terms_id", NEW."times", NEW."title", NEW."token", NEW."uses", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                    hash="b93f47f2f899865ecf70e72270a2736a423a28fd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1bae0",
                    table="coupons_coupon",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coupon",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "coupons_couponevent" ("amount_off", "claimed_at", "customer_id", "held_until", "hold_key", "id", "item", "key", "kind", "merchant_id", "minimum", "most_off", "ordinal", "percent_off", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "programme_id", "revoke_reason", "revoked_at", "revoked_by_id", "spent", "state", "terms_id", "times", "title", "token", "uses", "valid_from", "valid_until") VALUES (OLD."amount_off", OLD."claimed_at", OLD."customer_id", OLD."held_until", OLD."hold_key", OLD."id", OLD."item", OLD."key", OLD."kind", OLD."merchant_id", OLD."minimum", OLD."most_off", OLD."ordinal", OLD."percent_off", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."price", OLD."programme_id", OLD."revoke_reason", OLD."revoked_at", OLD."revoked_by_id", OLD."spent", OLD."state", OLD."terms_id", OLD."times", OLD."title", OLD."token", OLD."uses", OLD."valid_from", OLD."valid_until"); RETURN NULL;',
                    hash="3f0feafa1f848860103a23f18e5043ed306b77df",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6ea8e",
                    table="coupons_coupon",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="couponprogramme",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "coupons_couponprogrammeevent" ("amount_off", "created_at", "created_by_id", "ends_at", "id", "item", "key", "kind", "merchant_id", "minimum", "most_off", "per_person", "percent_off", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "published_at", "starts_at", "state", "stock", "terms_id", "title", "token", "uses") VALUES (NEW."amount_off", NEW."created_at", NEW."created_by_id", NEW."ends_at", NEW."id", NEW."item", NEW."key", NEW."kind", NEW."merchant_id", NEW."minimum", NEW."most_off", NEW."per_person", NEW."percent_off", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."price", NEW."published_at", NEW."starts_at", NEW."state", NEW."stock", NEW."terms_id", NEW."title", NEW."token", NEW."uses"); RETURN NULL;',
                    hash="b05f34b4b99f345115372951328ccb6e6eb45843",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_da113",
                    table="coupons_couponprogramme",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="couponprogramme",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."amount_off" IS DISTINCT FROM (NEW."amount_off") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."item" IS DISTINCT FROM (NEW."item") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."minimum" IS DISTINCT FROM (NEW."minimum") OR OLD."most_off" IS DISTINCT FROM (NEW."most_off") OR OLD."per_person" IS DISTINCT FROM (NEW."per_person") OR OLD."percent_off" IS DISTINCT FROM (NEW."percent_off") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."stock" IS DISTINCT FROM (NEW."stock") OR OLD."terms_id" IS DISTINCT FROM (NEW."terms_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."token" IS DISTINCT FROM (NEW."token") OR OLD."uses" IS DISTINCT FROM (NEW."uses"))',
                    func='INSERT INTO "coupons_couponprogrammeevent" ("amount_off", "created_at", "created_by_id", "ends_at", "id", "item", "key", "kind", "merchant_id", "minimum", "most_off", "per_person", "percent_off", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "published_at", "starts_at", "state", "stock", "terms_id", "title", "token", "uses") VALUES (NEW."amount_off", NEW."created_at", NEW."created_by_id", NEW."ends_at", NEW."id", NEW."item", NEW."key", NEW."kind", NEW."merchant_id", NEW."minimum", NEW."most_off", NEW."per_person", NEW."percent_off", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price", NEW."published_at", NEW."starts_at", NEW."state", NEW."stock", NEW."terms_id", NEW."title", NEW."token", NEW."uses"); RETURN NULL;',
                    hash="c052e1eb0dd106e1ca235c935a1933567ef4ad78",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_426a6",
                    table="coupons_couponprogramme",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="couponprogramme",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "coupons_couponprogrammeevent" ("amount_off", "created_at", "created_by_id", "ends_at", "id", "item", "key", "kind", "merchant_id", "minimum", "most_off", "per_person", "percent_off", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "published_at", "starts_at", "state", "stock", "terms_id", "title", "token", "uses") VALUES (OLD."amount_off", OLD."created_at", OLD."created_by_id", OLD."ends_at", OLD."id", OLD."item", OLD."key", OLD."kind", OLD."merchant_id", OLD."minimum", OLD."most_off", OLD."per_person", OLD."percent_off", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."price", OLD."published_at", OLD."starts_at", OLD."state", OLD."stock", OLD."terms_id", OLD."title", OLD."token", OLD."uses"); RETURN NULL;',
                    hash="d8a1396c41dd0be78ae5cc140af125385ee093d6",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a996c",
                    table="coupons_couponprogramme",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="couponterms",
            trigger=pgtrigger.compiler.Trigger(
                name="coupon_terms_are_written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ba87bb83917fd7f86393bb1e1aac4f27ad64d54f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_coupon_terms_are_written_once_a8fbf",
                    table="coupons_couponterms",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="couponblackout",
            trigger=pgtrigger.compiler.Trigger(
                name="coupon_blackouts_are_written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6a1232c21738d47afe2cf12c315afd4523c73cf9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_coupon_blackouts_are_written_once_f3a13",
                    table="coupons_couponblackout",
                    when="BEFORE",
                ),
            ),
        ),
    ]
