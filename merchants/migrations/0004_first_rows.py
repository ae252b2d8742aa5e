"""The categories of ``data/categories.json``, and the group whose members keep the listings."""

from typing import Any

from django.db import migrations

from merchants.categories import load_categories
from portal.kernel.migrating import give

SEEN = (
    *("listingclaim", "correction", "duplicatepair", "merge", "suspension"),
    *("merchant", "shop", "provenance"),
)
DECIDED = ("listingclaim", "correction", "duplicatepair", "merchant")
NAMES = {"listingclaim": "claim", "duplicatepair": "likely duplicate"}


def plant_categories(apps: Any, schema_editor: Any) -> None:
    load_categories(apps.get_model("merchants", "Category"))


def make_keepers(apps: Any, schema_editor: Any) -> None:
    acts = [*(("view", one) for one in SEEN), *(("change", one) for one in DECIDED)]
    rights = [
        (f"merchants.{model}", f"{act}_{model}", f"Can {act} {NAMES.get(model, model)}")
        for act, model in acts
    ]
    give(apps, "Listings", rights)


class Migration(migrations.Migration):
    replaces = [("merchants", "0004_shop_rating")]
    dependencies = [("merchants", "0003_customers")]
    operations = [
        migrations.RunPython(plant_categories, migrations.RunPython.noop),
        migrations.RunPython(make_keepers, migrations.RunPython.noop),
    ]
