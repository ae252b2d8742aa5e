"""The category tree of ``data/categories.json``."""

from typing import Any

from django.db import migrations

from merchants.categories import load_categories


def load(apps: Any, schema_editor: Any) -> None:
    load_categories(apps.get_model("merchants", "Category"))


class Migration(migrations.Migration):
    dependencies = [("merchants", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
