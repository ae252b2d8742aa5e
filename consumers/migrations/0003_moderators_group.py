"""The group whose members decide about reviews and about conversations that somebody reported."""

from typing import Any

from django.db import migrations

from portal.kernel.migrating import give

RIGHTS = (
    ("consumers.review", "view_review", "Can view review"),
    ("consumers.report", "view_report", "Can view report of a review"),
    ("consumers.review", "moderate_review", "Can decide about reviews"),
    ("consumers.conversation", "moderate_conversation", "Can decide about reported conversations"),
    ("consumers.messagebox", "view_messagebox", "Can view message box"),
)


def make_moderators(apps: Any, schema_editor: Any) -> None:
    give(apps, "Review moderators", RIGHTS)


class Migration(migrations.Migration):
    replaces = [("consumers", "0003_asking")]
    dependencies = [("consumers", "0002_counts_and_walls")]
    operations = [
        migrations.RunPython(make_moderators, migrations.RunPython.noop),
    ]
