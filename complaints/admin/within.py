"""Rows of cases in the admin: those within one's duties; any other isn't there, and the try is kept."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from complaints.duties import covers, seen, seen_or_free
from complaints.models import Complaint
from complaints.outsiders import nothing_here


def case_within(request: HttpRequest, complaint: Complaint) -> Complaint:
    """The case itself, if it is within the duties of who asks."""
    if not covers(request.user, complaint):  # type: ignore[arg-type]
        raise nothing_here(request, complaint)
    return complaint


class WithinDuties(admin.ModelAdmin):
    """``case_path`` leads from a row to its case; empty for cases themselves."""

    case_path = "complaint"
    may_lack = False  # rows that lead to no case are for everybody of the desk

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        narrowed = (seen_or_free if self.may_lack else seen)(request.user, self.case_path)  # type: ignore[arg-type]
        return super().get_queryset(request).filter(narrowed)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None and object_id.isdigit():
            for row in self.model._default_manager.filter(pk=object_id):
                case_within(request, self.case_of(row))
        return found

    def case_of(self, row: Any) -> Complaint:
        for name in filter(None, self.case_path.split("__")):
            row = getattr(row, name)
        return row
