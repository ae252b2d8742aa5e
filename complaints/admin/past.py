"""Old cases and the files they came in: to read, for they are what the files say."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import pgettext_lazy

from complaints.admin import uploads
from complaints.admin.changelist import ForTheDesk, ReasonFilter
from complaints.duties import seen_of_old
from complaints.models import CaseImport, PastCase


@admin.register(PastCase)
class PastCaseAdmin(ForTheDesk):
    """Old cases lie in no region of ours, so who works on one sees none of them."""

    list_display = ("source", "case_number", "category", "about", "area", "merchant", "filed_at", "ended_at")
    list_filter = ("source", ReasonFilter)
    list_select_related = ("merchant",)
    search_fields = ("number",)
    ordering = ("-filed_at", "-pk")

    @admin.display(description=pgettext_lazy("complaint", "number"), ordering="number")
    def case_number(self, case: PastCase) -> str:
        return case.number

    def get_queryset(self, request: HttpRequest) -> QuerySet[PastCase]:
        return super().get_queryset(request).filter(seen_of_old(request.user))  # type: ignore[arg-type]


@admin.register(CaseImport)
class CaseImportAdmin(ForTheDesk):
    list_display = ("source", "read", "added", "changed", "unchanged", "refused", "by", "at")
    list_filter = ("source",)
    list_select_related = ("by",)
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(uploads.MAY_IMPORT)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return uploads.upload(request)

    def get_urls(self) -> list[URLPattern]:
        file = self.admin_site.admin_view(uploads.one)
        return [path("files/<slug:token>/", file, name="complaints_file"), *super().get_urls()]
