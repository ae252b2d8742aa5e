"""The group whose members decide about reviews."""

from typing import Any, ClassVar

from django.db import migrations

WANTED = (
    ("review", "view_review", "Can view review"),
    ("report", "view_report", "Can view report of a review"),
    ("review", "moderate_review", "Can decide about reviews"),
)


def make_moderators(apps: Any, schema_editor: Any) -> None:
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
    dependencies: ClassVar = [
        ("consumers", "0004_interests"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations: ClassVar = [migrations.RunPython(make_moderators, migrations.RunPython.noop)]
