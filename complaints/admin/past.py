"""Old cases and the files they came in: to read, for they are what the files say."""

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from complaints.admin.changelist import ForTheDesk
from complaints.models import CaseImport, PastCase


@admin.register(PastCase)
class PastCaseAdmin(ForTheDesk):
    list_display = ("source", "case_number", "category", "about", "area", "merchant", "filed_at", "ended_at")
    list_filter = ("source", "reason")
    list_select_related = ("merchant",)
    search_fields = ("number",)
    ordering = ("-filed_at", "-pk")

    @admin.display(description=pgettext_lazy("complaint", "number"), ordering="number")
    def case_number(self, case: PastCase) -> str:
        return case.number


@admin.register(CaseImport)
class CaseImportAdmin(ForTheDesk):
    list_display = ("source", "read", "added", "changed", "unchanged", "refused", "by", "at")
    list_filter = ("source",)
    list_select_related = ("by",)
    ordering = ("-pk",)
