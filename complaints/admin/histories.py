"""What the audit keeps of cases is read within one's duties, too."""

from typing import Any

import pghistory.models
from django.apps import apps
from django.contrib import admin

from complaints.admin.within import WithinDuties
from complaints.models import Complaint
from portal.kernel.admin import HistoryAdmin


def hide_others_histories() -> None:
    """Each history of rows that belong to a case: registered by the kernel, and narrowed down here."""
    for event in apps.get_app_config("complaints").get_models():
        path = _way_to_case(event)
        if path and issubclass(event, pghistory.models.Event):
            admin.site.unregister(event)
            admin.site.register(
                event, type("HistoryOfCase", (WithinDuties, HistoryAdmin), {"case_path": path})
            )


def _way_to_case(event: Any) -> str:
    fields = {field.name: field.related_model for field in event._meta.fields}
    if fields.get("pgh_obj") is Complaint:
        return "pgh_obj"
    return "complaint" if fields.get("complaint") is Complaint else ""
