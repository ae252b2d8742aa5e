"""Old cases and the files they came in: to read, for they are what the files say."""

from django.contrib import admin

from complaints.admin.changelist import ForTheDesk
from complaints.models import CaseImport, PastCase


@admin.register(PastCase)
class PastCaseAdmin(ForTheDesk):
    list_display = ("source", "number", "category", "about", "area", "merchant", "filed_at", "ended_at")
    list_filter = ("source", "reason")
    list_select_related = ("merchant",)
    search_fields = ("number",)
    ordering = ("-filed_at", "-pk")


@admin.register(CaseImport)
class CaseImportAdmin(ForTheDesk):
    list_display = ("source", "read", "added", "changed", "unchanged", "refused", "by", "at")
    list_filter = ("source",)
    list_select_related = ("by",)
    ordering = ("-pk",)
