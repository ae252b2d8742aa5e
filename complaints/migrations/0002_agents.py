"""The group whose members read the queue and answer complaints."""

from django.db import migrations

READS = ("complaint", "step", "reply", "internalnote")


def make_agents(apps, schema_editor):
    """Django makes permissions only after all migrations; the group needs them now."""
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Complaint agents")
    wanted = [(model, f"view_{model}", f"Can view {model}") for model in READS]
    wanted.append(("complaint", "answer_complaint", "Can answer and move complaints"))
    for model, codename, name in wanted:
        content_type, _ = content_types.objects.get_or_create(app_label="complaints", model=model)
        permission, _ = permissions.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_agents, migrations.RunPython.noop)]
