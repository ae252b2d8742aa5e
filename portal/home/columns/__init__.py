"""What the columns of our tables are called on the pages of staff, in their language.

Only columns that get no name where they are declared; what people outside the staff read is named there.
"""

from typing import Any

from django.apps import apps

from portal.home.columns.what import WHAT
from portal.home.columns.when import WHEN
from portal.home.columns.who import WHO

NAMES: dict[str, Any] = WHAT | WHEN | WHO


def name_columns() -> None:
    """Django itself would call them by their names in the code, in English only."""
    for model in apps.get_models():
        for column in model._meta.local_fields:
            if column._verbose_name is None and column.name in NAMES:  # type: ignore[attr-defined]
                column.verbose_name = NAMES[column.name]
