"""Limits to begin with, and who may see remedies and set limits."""

from django.db import migrations

LIMITS = {
    "agent": (5_000, 20_000),
    "supervisor": (50_000, 50_000),
    "manager": (500_000, 100_000),
    "merchant": (20_000, 0),
}
GROUPS = ("Complaint agents", "Complaint supervisors", "Complaint managers", "Complaint auditors")
SETS = ("add", "change")


def set_limits(apps, schema_editor):
    authorities = apps.get_model("complaints", "Authority")
    for role, (most, goodwill) in LIMITS.items():
        authorities.objects.get_or_create(role=role, defaults={"most": most, "goodwill": goodwill})


def give_rights(apps, schema_editor):
    """Everybody at the desk reads; managers set the limits."""
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    groups = apps.get_model("auth", "Group")

    def right(verb, model):
        kind, _ = content_types.objects.get_or_create(app_label="complaints", model=model)
        names = {"defaults": {"name": f"Can {verb} {model}"}}
        return permissions.objects.get_or_create(content_type=kind, codename=f"{verb}_{model}", **names)[0]

    reads = [right("view", "remedy"), right("view", "authority")]
    for name in GROUPS:
        groups.objects.get_or_create(name=name)[0].permissions.add(*reads)
    groups.objects.get(name="Complaint managers").permissions.add(
        *(right(verb, "authority") for verb in SETS)
    )


class Migration(migrations.Migration):
    dependencies = [("complaints", "0009_remedies")]

    operations = [
        migrations.RunPython(set_limits, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
