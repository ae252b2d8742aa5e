"""Cases that come by mail or by file, and those of the time before."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from portal.kernel.crypto import BlindIndexField, EncryptedTextField
from portal.kernel.migrating import ID, Together, remembered, trail, was, written_once


class Migration(migrations.Migration):
    replaces = [("complaints", "0003_states_by_role")]
    dependencies = [("complaints", "0002_remedies_and_causes")]
    operations = [
        Together(
            migrations.CreateModel(
                name="Mailbox",
                fields=[
                    ID,
                    ("tried_at", models.DateTimeField(blank=True, null=True)),
                    ("fetched_at", models.DateTimeField(blank=True, null=True)),
                    ("trouble", models.CharField(blank=True, max_length=200)),
                    ("lease", models.UUIDField(blank=True, null=True)),
                    ("lease_until", models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    "verbose_name": "mailbox",
                    "verbose_name_plural": "mailboxes",
                    "constraints": [
                        models.CheckConstraint(condition=models.Q(("id", 1)), name="mailbox_is_one")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Mail",
                fields=[
                    ID,
                    ("uid_validity", models.BigIntegerField()),
                    ("uid", models.BigIntegerField()),
                    ("size", models.BigIntegerField(verbose_name="bytes")),
                    ("digest", models.BinaryField(max_length=32, null=True, unique=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("arriving", "Being read"),
                                ("sort", "To sort"),
                                ("filed", "Became a case"),
                                ("joined", "Joined its case"),
                                ("skipped", "Skipped"),
                                ("dropped", "Discarded"),
                                ("parked", "Couldn’t be read"),
                                ("copy", "Was here already"),
                            ],
                            default="arriving",
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "why",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("new", "New mail"),
                                ("more", "More to a mail that waits"),
                                ("stranger", "Answers a case, but not from the person’s address"),
                                ("unproved", "The mail server doesn’t vouch for the sender"),
                                ("sender", "Doesn’t say clearly who it is from"),
                                ("refused", "The case didn’t take it"),
                                ("empty", "There is nothing in it"),
                                ("large", "Too large; only its head was read"),
                                ("auto", "An automatic answer"),
                                ("bulk", "List or bulk mail"),
                                ("bounce", "Report of mail that couldn’t be delivered"),
                                ("own", "Our own mail"),
                                ("flood", "Too much from one sender"),
                                ("broken", "It can’t be read"),
                                ("off", "Reading it broke off several times"),
                            ],
                            max_length=8,
                            verbose_name="why",
                        ),
                    ),
                    ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
                    (
                        "number",
                        models.CharField(
                            blank=True, max_length=10, null=True, unique=True, verbose_name="number"
                        ),
                    ),
                    ("token", models.CharField(max_length=20, unique=True)),
                    ("sender", EncryptedTextField(blank=True, default="", verbose_name="from")),
                    ("sender_index", BlindIndexField(blank=True, max_length=32, null=True, of="sender")),
                    ("sender_name", EncryptedTextField(blank=True, default="", verbose_name="name")),
                    ("message_id", models.CharField(blank=True, max_length=252)),
                    ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                    ("said", models.TextField(blank=True, verbose_name="what is new in it")),
                    ("text", models.TextField(blank=True, verbose_name="the whole text")),
                    ("files", models.JSONField(blank=True, default=list, verbose_name="files")),
                    ("language", models.CharField(blank=True, max_length=10)),
                    ("is_hushed", models.BooleanField(default=False)),
                    ("raw", models.FileField(blank=True, upload_to="mail/")),
                    (
                        "follows",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="followers",
                            to="complaints.mail",
                        ),
                    ),
                    (
                        "complaint",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="mails",
                            to="complaints.complaint",
                        ),
                    ),
                    (
                        "reply",
                        models.OneToOneField(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="mail",
                            to="complaints.reply",
                        ),
                    ),
                    ("tries", models.PositiveSmallIntegerField(default=0)),
                    ("received_at", models.DateTimeField(db_default=Now(), verbose_name="received")),
                    (
                        "acknowledged_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="acknowledged"),
                    ),
                    ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="dealt with")),
                    (
                        "settled_by",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "mail",
                    "verbose_name_plural": "mail",
                    "constraints": [
                        models.UniqueConstraint(fields=("uid_validity", "uid"), name="mail_once_per_uid"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state__in", ("filed", "joined")), _negated=True),
                                ("complaint__isnull", False),
                                _connector="OR",
                            ),
                            name="mail_that_went_into_a_case_names_it",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("state", "dropped"), _negated=True),
                                models.Q(("detail__regex", "\\S"), ("settled_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="mail_is_discarded_by_somebody_with_a_reason",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("settled_at", None), ("state__in", ("arriving", "sort", "parked"))),
                                models.Q(
                                    models.Q(("state__in", ("arriving", "sort", "parked")), _negated=True),
                                    ("settled_at__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="mail_is_dealt_with_or_waits",
                        ),
                    ],
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ("sort", "parked"))),
                            fields=["received_at", "id"],
                            name="mail_queue",
                        )
                    ],
                    "triggers": [
                        *remembered(
                            "complaints.Mail",
                            "acknowledged_at complaint_id detail digest files follows_id id is_hushed language message_id number received_at reply_id settled_at settled_by_id size state token tries uid uid_validity why",
                            inserts=False,
                            whole=False,
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="MailEvent",
                fields=[
                    *trail("complaints.mail"),
                    ("id", models.BigIntegerField()),
                    ("uid_validity", models.BigIntegerField()),
                    ("uid", models.BigIntegerField()),
                    ("size", models.BigIntegerField(verbose_name="bytes")),
                    ("digest", models.BinaryField(max_length=32, null=True)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("arriving", "Being read"),
                                ("sort", "To sort"),
                                ("filed", "Became a case"),
                                ("joined", "Joined its case"),
                                ("skipped", "Skipped"),
                                ("dropped", "Discarded"),
                                ("parked", "Couldn’t be read"),
                                ("copy", "Was here already"),
                            ],
                            default="arriving",
                            max_length=8,
                            verbose_name="state",
                        ),
                    ),
                    (
                        "why",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("new", "New mail"),
                                ("more", "More to a mail that waits"),
                                ("stranger", "Answers a case, but not from the person’s address"),
                                ("unproved", "The mail server doesn’t vouch for the sender"),
                                ("sender", "Doesn’t say clearly who it is from"),
                                ("refused", "The case didn’t take it"),
                                ("empty", "There is nothing in it"),
                                ("large", "Too large; only its head was read"),
                                ("auto", "An automatic answer"),
                                ("bulk", "List or bulk mail"),
                                ("bounce", "Report of mail that couldn’t be delivered"),
                                ("own", "Our own mail"),
                                ("flood", "Too much from one sender"),
                                ("broken", "It can’t be read"),
                                ("off", "Reading it broke off several times"),
                            ],
                            max_length=8,
                            verbose_name="why",
                        ),
                    ),
                    ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
                    ("number", models.CharField(blank=True, max_length=10, null=True, verbose_name="number")),
                    ("token", models.CharField(max_length=20)),
                    ("message_id", models.CharField(blank=True, max_length=252)),
                    ("files", models.JSONField(blank=True, default=list, verbose_name="files")),
                    ("language", models.CharField(blank=True, max_length=10)),
                    ("is_hushed", models.BooleanField(default=False)),
                    ("follows", was("complaints.mail", blank=True, null=True)),
                    ("complaint", was("complaints.complaint", blank=True, null=True)),
                    ("reply", was("complaints.reply", blank=True, null=True)),
                    ("tries", models.PositiveSmallIntegerField(default=0)),
                    ("received_at", models.DateTimeField(db_default=Now(), verbose_name="received")),
                    (
                        "acknowledged_at",
                        models.DateTimeField(blank=True, null=True, verbose_name="acknowledged"),
                    ),
                    ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="dealt with")),
                    ("settled_by", was(settings.AUTH_USER_MODEL, blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name="MailLook",
                fields=[
                    ID,
                    (
                        "mail",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="looks", to="complaints.mail"
                        ),
                    ),
                    ("what", models.CharField(max_length=100, verbose_name="what")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("was_shown", models.BooleanField(verbose_name="shown")),
                    ("at", models.DateTimeField(db_default=Now())),
                ],
                options={
                    "verbose_name": "look at a mail",
                    "verbose_name_plural": "looks at mail",
                    "triggers": [written_once("complaints.MailLook", "mail_looks_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="CaseImport",
                fields=[
                    ID,
                    ("source", models.CharField(max_length=40, verbose_name="source")),
                    ("mapping", models.JSONField(verbose_name="columns")),
                    ("read", models.PositiveIntegerField(verbose_name="read")),
                    ("added", models.PositiveIntegerField(verbose_name="added")),
                    ("changed", models.PositiveIntegerField(verbose_name="changed")),
                    ("unchanged", models.PositiveIntegerField(verbose_name="unchanged")),
                    ("refused", models.PositiveIntegerField(verbose_name="refused")),
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
                    ("at", models.DateTimeField(db_default=Now(), verbose_name="when")),
                ],
                options={
                    "verbose_name": "import of old cases",
                    "verbose_name_plural": "imports of old cases",
                    "triggers": [written_once("complaints.CaseImport", "case_imports_are_written_once")],
                },
            ),
            migrations.CreateModel(
                name="PastCase",
                fields=[
                    ID,
                    (
                        "merchant",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=models.PROTECT,
                            related_name="past_cases",
                            to="merchants.merchant",
                            verbose_name="merchant",
                        ),
                    ),
                    ("source", models.CharField(max_length=40, verbose_name="source")),
                    ("number", models.CharField(max_length=40, verbose_name="number")),
                    (
                        "reason",
                        models.ForeignKey(
                            db_column="reason",
                            db_index=False,
                            default="other",
                            on_delete=models.PROTECT,
                            related_name="+",
                            to="complaints.reason",
                            to_field="code",
                            verbose_name="reason",
                        ),
                    ),
                    ("category", models.CharField(blank=True, max_length=80, verbose_name="category")),
                    ("about", models.CharField(blank=True, max_length=120, verbose_name="about")),
                    ("area", models.CharField(blank=True, max_length=80, verbose_name="area")),
                    ("time_zone", models.CharField(max_length=40, verbose_name="time zone")),
                    ("filed_at", models.DateTimeField(verbose_name="reported")),
                    ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ],
                options={
                    "verbose_name": "old case",
                    "verbose_name_plural": "old cases",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("source", "number"), name="past_case_once_per_source"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ended_at", None), ("ended_at__gte", models.F("filed_at")), _connector="OR"
                            ),
                            name="past_case_ends_after_it_began",
                        ),
                    ],
                    "indexes": [
                        models.Index(fields=["merchant", "filed_at"], name="past_case_of_merchant"),
                        models.Index(fields=["filed_at"], name="past_case_by_time"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CaseFile",
                fields=[
                    ID,
                    ("token", models.CharField(max_length=16, unique=True)),
                    ("name", models.CharField(max_length=120, verbose_name="file")),
                    ("content", models.BinaryField()),
                    ("source", models.CharField(max_length=40, verbose_name="source")),
                    ("zone", models.CharField(max_length=40, verbose_name="time zone")),
                    ("columns", models.JSONField(default=dict)),
                    ("reasons", models.JSONField(default=dict)),
                    ("key", models.UUIDField(unique=True)),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                        ),
                    ),
                    ("at", models.DateTimeField(db_default=Now())),
                    (
                        "job",
                        models.ForeignKey(
                            blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="kernel.job"
                        ),
                    ),
                ],
                options={"verbose_name": "file of old cases", "verbose_name_plural": "files of old cases"},
            ),
        ),
    ]
