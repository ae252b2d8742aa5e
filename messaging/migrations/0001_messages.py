"""Addresses, consent, mailings, and the messages with their way to people."""

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.crypto import EncryptedTextField
from portal.kernel.migrating import ID, Together, trigger, written_once


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("messaging", "0001_initial"),
        ("messaging", "0003_talk"),
        ("messaging", "0004_caps_and_mailings"),
        ("messaging", "0005_fewer_checks_per_message"),
        ("messaging", "0006_held_out"),
    ]
    dependencies = [("sessions", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        Together(
            migrations.CreateModel(
                name="PushSubscription",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            on_delete=models.CASCADE,
                            related_name="push_subscriptions",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "session",
                        models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="sessions.session"),
                    ),
                    ("endpoint", EncryptedTextField()),
                    ("endpoint_hash", models.BinaryField(max_length=32)),
                    ("p256dh", EncryptedTextField()),
                    ("auth", EncryptedTextField()),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("endpoint_hash",), name="push_endpoint_once")
                    ]
                },
            ),
            migrations.CreateModel(
                name="SentText",
                fields=[
                    ID,
                    ("token", models.UUIDField(unique=True)),
                    ("phone", EncryptedTextField()),
                    ("template", models.CharField(max_length=60)),
                    ("text", EncryptedTextField()),
                    ("sent_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.CreateModel(
                name="ConsentEntry",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            on_delete=models.PROTECT,
                            related_name="consents",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="person",
                        ),
                    ),
                    ("merchant_id", models.BigIntegerField(blank=True, null=True, verbose_name="merchant")),
                    (
                        "purpose",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("account", "Account and security"),
                                ("money", "Purchases, cards and money"),
                                ("case", "Complaints and answers"),
                                ("coupons", "My coupons"),
                                ("talk", "Messages between you and a shop"),
                                ("reviews", "Reviews: asked after a visit, and answers"),
                                ("followed", "Shops I follow"),
                                ("deals", "Deals near me"),
                                ("care", "Greetings from shops that know me"),
                                ("platform", "News of the portal"),
                            ],
                            max_length=10,
                            verbose_name="purpose",
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("inbox", "Inbox"),
                                ("push", "Push notification"),
                                ("email", "E-mail"),
                                ("sms", "Text message"),
                            ],
                            max_length=5,
                            verbose_name="channel",
                        ),
                    ),
                    ("wanted", models.BooleanField(verbose_name="agreed")),
                    ("text_version", models.CharField(max_length=20, verbose_name="version of the text")),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("page", "Notification settings"),
                                ("link", "Unsubscribe link"),
                                ("mailbox", "Unsubscribe button of the mail program"),
                                ("push", "Notification button"),
                                ("reply", "Answer to a text message"),
                            ],
                            max_length=7,
                            verbose_name="how",
                        ),
                    ),
                    ("proof", models.CharField(blank=True, max_length=80, verbose_name="what shows it")),
                    ("said_at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "consent",
                    "verbose_name_plural": "consents",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("merchant_id", None),
                                    models.Q(("purpose", ""), _negated=True),
                                    models.Q(("channel", ""), _negated=True),
                                ),
                                models.Q(("channel", ""), ("merchant_id__isnull", False), ("purpose", "")),
                                _connector="OR",
                            ),
                            name="consent_is_about_a_way_or_a_merchant",
                        )
                    ],
                    "indexes": [
                        models.Index(fields=["person", "purpose", "channel", "-id"], name="consent_of_person")
                    ],
                    "triggers": [written_once("messaging.ConsentEntry", "consent_is_append_only")],
                },
            ),
            migrations.CreateModel(
                name="Choice",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="choices",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("account", "Account and security"),
                                ("money", "Purchases, cards and money"),
                                ("case", "Complaints and answers"),
                                ("coupons", "My coupons"),
                                ("talk", "Messages between you and a shop"),
                                ("reviews", "Reviews: asked after a visit, and answers"),
                                ("followed", "Shops I follow"),
                                ("deals", "Deals near me"),
                                ("care", "Greetings from shops that know me"),
                                ("platform", "News of the portal"),
                            ],
                            max_length=10,
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("inbox", "Inbox"),
                                ("push", "Push notification"),
                                ("email", "E-mail"),
                                ("sms", "Text message"),
                            ],
                            max_length=5,
                        ),
                    ),
                    ("wanted", models.BooleanField()),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "purpose", "channel"), name="choice_once")
                    ]
                },
            ),
            migrations.CreateModel(
                name="Times",
                fields=[
                    (
                        "person",
                        models.OneToOneField(
                            on_delete=models.CASCADE,
                            primary_key=True,
                            related_name="quiet_times",
                            serialize=False,
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("quiet_from", models.TimeField(default=datetime.time(21, 0))),
                    ("quiet_until", models.TimeField(default=datetime.time(9, 0))),
                ],
            ),
            migrations.CreateModel(
                name="Mailing",
                fields=[
                    ID,
                    ("merchant_id", models.BigIntegerField()),
                    ("kind", models.CharField(max_length=60, verbose_name="kind")),
                    ("occurrence", models.CharField(max_length=120)),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("account", "Account and security"),
                                ("money", "Purchases, cards and money"),
                                ("case", "Complaints and answers"),
                                ("coupons", "My coupons"),
                                ("talk", "Messages between you and a shop"),
                                ("reviews", "Reviews: asked after a visit, and answers"),
                                ("followed", "Shops I follow"),
                                ("deals", "Deals near me"),
                                ("care", "Greetings from shops that know me"),
                                ("platform", "News of the portal"),
                            ],
                            max_length=10,
                            verbose_name="purpose",
                        ),
                    ),
                    (
                        "channels",
                        ArrayField(
                            base_field=models.CharField(
                                choices=[
                                    ("inbox", "Inbox"),
                                    ("push", "Push notification"),
                                    ("email", "E-mail"),
                                    ("sms", "Text message"),
                                ],
                                max_length=5,
                            ),
                            size=None,
                        ),
                    ),
                    ("params", models.JSONField(default=dict)),
                    ("url", models.CharField(blank=True, max_length=300)),
                    ("useless_after", models.DateTimeField(blank=True, null=True)),
                    ("chosen", models.PositiveIntegerField(default=0, verbose_name="people chosen")),
                    ("hold_seed", models.CharField(blank=True, db_default="", default="", max_length=40)),
                    (
                        "hold_percent",
                        models.PositiveSmallIntegerField(
                            db_default=0, default=0, verbose_name="percent held out"
                        ),
                    ),
                    ("made_at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                    ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "mailing",
                    "verbose_name_plural": "mailings",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("merchant_id", "kind", "occurrence"), name="mailing_once_per_occurrence"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("hold_percent__lte", 50)), name="mailing_tells_at_least_half"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("hold_percent", 0),
                                models.Q(("hold_seed", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="hold_out_has_a_seed",
                        ),
                    ],
                    "indexes": [models.Index(fields=["merchant_id", "-id"], name="mailing_of_merchant")],
                    "triggers": [
                        trigger(
                            "messaging.Mailing",
                            "mailing_outlives_its_messages",
                            when="AFTER",
                            operation="DELETE",
                            func="""
            IF EXISTS (SELECT FROM messaging_message WHERE mailing_id = OLD.id) THEN RAISE EXCEPTION 'a message without its mailing'
    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'message_has_its_mailing'; END IF;
            RETURN NULL;
        """,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="HeldOut",
                fields=[
                    ID,
                    (
                        "mailing",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.PROTECT,
                            related_name="held",
                            to="messaging.mailing",
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("drawn_at", models.DateTimeField(verbose_name="when")),
                ],
                options={
                    "verbose_name": "person held out of a mailing",
                    "verbose_name_plural": "people held out of mailings",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("mailing", "person"), name="held_out_once_per_mailing"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Message",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=models.CASCADE,
                            related_name="messages",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("merchant_id", models.BigIntegerField(blank=True, null=True)),
                    (
                        "mailing",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="messages",
                            to="messaging.mailing",
                        ),
                    ),
                    ("occurrence", models.CharField(max_length=120)),
                    ("kind", models.CharField(max_length=60)),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("account", "Account and security"),
                                ("money", "Purchases, cards and money"),
                                ("case", "Complaints and answers"),
                                ("coupons", "My coupons"),
                                ("talk", "Messages between you and a shop"),
                                ("reviews", "Reviews: asked after a visit, and answers"),
                                ("followed", "Shops I follow"),
                                ("deals", "Deals near me"),
                                ("care", "Greetings from shops that know me"),
                                ("platform", "News of the portal"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("params", models.JSONField(default=dict)),
                    ("sealed", EncryptedTextField(blank=True, default=None, null=True)),
                    ("url", models.CharField(blank=True, max_length=300)),
                    ("in_inbox", models.BooleanField(default=True)),
                    ("useless_after", models.DateTimeField(blank=True, null=True)),
                    ("read_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "message",
                    "verbose_name_plural": "messages",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("person", "kind", "occurrence"), name="message_once_per_occurrence"
                        )
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("in_inbox", True)),
                            fields=["person", "-id"],
                            name="message_inbox",
                        ),
                        models.Index(
                            condition=models.Q(("in_inbox", True), ("read_at", None)),
                            fields=["person"],
                            name="message_unread",
                        ),
                        models.Index(
                            condition=models.Q(("mailing__isnull", False)),
                            fields=["mailing"],
                            name="message_of_mailing",
                        ),
                    ],
                    "triggers": [
                        trigger(
                            "messaging.Message",
                            "message_has_its_mailing",
                            when="AFTER",
                            operation="INSERT",
                            referencing="REFERENCING NEW TABLE AS written ",
                            level="STATEMENT",
                            declare="DECLARE wanted bigint[];",
                            func="""
                SELECT array_agg(DISTINCT mailing_id) INTO wanted FROM written WHERE mailing_id IS NOT NULL;
                IF wanted IS NULL THEN RETURN NULL; END IF;
                PERFORM FROM messaging_mailing WHERE id = ANY (wanted) ORDER BY id FOR KEY SHARE;
                IF (SELECT count(*) FROM messaging_mailing WHERE id = ANY (wanted))
                   < cardinality(wanted) THEN RAISE EXCEPTION 'a message without its mailing'
    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'message_has_its_mailing'; END IF;
                RETURN NULL;
            """,
                        ),
                        trigger(
                            "messaging.Message",
                            "message_keeps_its_mailing",
                            when="BEFORE",
                            operation="UPDATE",
                            condition='WHEN (OLD."mailing_id" IS DISTINCT FROM (NEW."mailing_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Dispatch",
                fields=[
                    ID,
                    ("token", models.UUIDField(db_default=RandomUUID(), editable=False)),
                    (
                        "message",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="dispatches",
                            to="messaging.message",
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("inbox", "Inbox"),
                                ("push", "Push notification"),
                                ("email", "E-mail"),
                                ("sms", "Text message"),
                            ],
                            max_length=5,
                        ),
                    ),
                    (
                        "priority",
                        models.PositiveSmallIntegerField(
                            choices=[(0, "Urgent"), (1, "Default"), (2, "Bulk")], default=1
                        ),
                    ),
                    ("at_most_once", models.BooleanField(default=False)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("queued", "Queued"),
                                ("claimed", "About to be sent"),
                                ("sending", "Being sent"),
                                ("sent", "Sent"),
                                ("skipped", "Not sent"),
                                ("unsure", "Broken off, not repeated"),
                                ("parked", "Waiting for staff"),
                            ],
                            db_default="queued",
                            default="queued",
                            max_length=7,
                        ),
                    ),
                    (
                        "reason",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", ""),
                                ("consent", "The person did not agree to this"),
                                ("address", "No address for this channel"),
                                ("quiet", "Quiet hours"),
                                ("late", "Useless by now"),
                                ("account", "The account is closed"),
                                ("muted", "The person does not want to hear from this shop"),
                                ("cap", "The person has had enough messages for now"),
                                ("stopped", "The sender stopped it"),
                                ("setup", "The channel is not set up"),
                                ("broken", "Broken off while sending; advertising is never repeated"),
                            ],
                            db_default="",
                            default="",
                            max_length=7,
                        ),
                    ),
                    ("due_at", models.DateTimeField(db_default=Now())),
                    ("claim", models.UUIDField(blank=True, editable=False, null=True)),
                    ("lease_until", models.DateTimeField(blank=True, null=True)),
                    ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ("last_error", models.CharField(blank=True, db_default="", default="", max_length=300)),
                    (
                        "reached",
                        ArrayField(
                            base_field=models.BigIntegerField(),
                            blank=True,
                            db_default=[],
                            default=list,
                            size=None,
                        ),
                    ),
                    ("sent_at", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "dispatch",
                    "verbose_name_plural": "dispatches",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("message", "channel"), name="dispatch_once_per_channel"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ("claimed", "sending")), _negated=True),
                                models.Q(("claim__isnull", False), ("lease_until__isnull", False)),
                                _connector="OR",
                            ),
                            name="dispatch_held_by_a_claim",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("sent_at__isnull", False),
                                _connector="OR",
                            ),
                            name="dispatch_sent_has_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "skipped"), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                            name="dispatch_not_sent_has_a_reason",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state", "queued")),
                            fields=["priority", "due_at", "id"],
                            name="dispatch_due",
                        ),
                        models.Index(
                            condition=models.Q(("state__in", ("claimed", "sending"))),
                            fields=["lease_until"],
                            name="dispatch_held",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Contact",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="contacts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("merchant_id", models.BigIntegerField(blank=True, null=True)),
                    (
                        "purpose",
                        models.CharField(
                            choices=[
                                ("account", "Account and security"),
                                ("money", "Purchases, cards and money"),
                                ("case", "Complaints and answers"),
                                ("coupons", "My coupons"),
                                ("talk", "Messages between you and a shop"),
                                ("reviews", "Reviews: asked after a visit, and answers"),
                                ("followed", "Shops I follow"),
                                ("deals", "Deals near me"),
                                ("care", "Greetings from shops that know me"),
                                ("platform", "News of the portal"),
                            ],
                            max_length=10,
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("inbox", "Inbox"),
                                ("push", "Push notification"),
                                ("email", "E-mail"),
                                ("sms", "Text message"),
                            ],
                            max_length=5,
                        ),
                    ),
                    (
                        "dispatch",
                        models.OneToOneField(
                            on_delete=models.CASCADE, related_name="contact", to="messaging.dispatch"
                        ),
                    ),
                    ("message_id", models.BigIntegerField()),
                    ("at", models.DateTimeField()),
                ],
                options={
                    "verbose_name": "contact",
                    "verbose_name_plural": "contacts",
                    "indexes": [models.Index(fields=["person", "at"], name="contact_of_person")],
                },
            ),
            migrations.CreateModel(
                name="Mute",
                fields=[
                    ID,
                    (
                        "person",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=models.CASCADE,
                            related_name="mutes",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("merchant_id", models.BigIntegerField()),
                    ("since", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "muted merchant",
                    "verbose_name_plural": "muted merchants",
                    "constraints": [
                        models.UniqueConstraint(fields=("person", "merchant_id"), name="muted_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="DeadAddress",
                fields=[
                    ID,
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("inbox", "Inbox"),
                                ("push", "Push notification"),
                                ("email", "E-mail"),
                                ("sms", "Text message"),
                            ],
                            max_length=5,
                            verbose_name="channel",
                        ),
                    ),
                    ("digest", models.BinaryField(max_length=32)),
                    (
                        "detail",
                        models.CharField(blank=True, max_length=300, verbose_name="what the other end said"),
                    ),
                    ("since", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "dead address",
                    "verbose_name_plural": "dead addresses",
                    "constraints": [
                        models.UniqueConstraint(fields=("channel", "digest"), name="dead_address_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Pace",
                fields=[
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("inbox", "Inbox"),
                                ("push", "Push notification"),
                                ("email", "E-mail"),
                                ("sms", "Text message"),
                            ],
                            max_length=5,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("left", models.FloatField(default=0)),
                    ("filled_at", models.DateTimeField()),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("left__gte", 0)), name="pace_never_below_nothing"
                        )
                    ]
                },
            ),
        ),
    ]
