"""The group whose members keep the listings: claims, corrections, duplicates, suspensions."""

from typing import Any, ClassVar

from django.db import migrations

SEEN = (
    *("listingclaim", "correction", "duplicatepair", "merge", "suspension"),
    *("merchant", "shop", "provenance"),
)
DECIDED = ("listingclaim", "correction", "duplicatepair", "merchant")
NAMES = {"listingclaim": "claim", "duplicatepair": "likely duplicate"}


def make_keepers(apps: Any, schema_editor: Any) -> None:
    """Django makes permissions only after all migrations; the group needs them now."""
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Listings")
    for act, model in [*(("view", one) for one in SEEN), *(("change", one) for one in DECIDED)]:
        content_type, _ = content_types.objects.get_or_create(app_label="merchants", model=model)
        permission, _ = permissions.objects.get_or_create(
            content_type=content_type,
            codename=f"{act}_{model}",
            defaults={"name": f"Can {act} {NAMES.get(model, model)}"},
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("merchants", "0016_headline_en"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations: ClassVar = [migrations.RunPython(make_keepers, migrations.RunPython.noop)]
