"""A letter stays in its conversation's merchant; who decides about reviews decides about conversations."""

from typing import Any, ClassVar

from django.db import migrations

WANTED = (
    ("conversation", "moderate_conversation", "Can decide about reported conversations"),
    ("messagebox", "view_messagebox", "Can view message box"),
)


def let_moderators_decide(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations; the group needs them now."""
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Review moderators")
    for model, codename, name in WANTED:
        content_type, _ = content_types.objects.get_or_create(app_label="consumers", model=model)
        permission, _ = permissions.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("consumers", "0006_conversations")]

    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE consumers_letter ADD CONSTRAINT letter_stays_in_its_conversation"
            " FOREIGN KEY (merchant_id, conversation_id) REFERENCES consumers_conversation (merchant_id, id)",
            "ALTER TABLE consumers_letter DROP CONSTRAINT letter_stays_in_its_conversation",
        ),
        migrations.RunPython(let_moderators_decide, migrations.RunPython.noop),
    ]
