"""Macros: supervisors write them, everybody of the desk uses them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from complaints.admin.changelist import ReasonFilter
from complaints.admin.reasons import OffersTheTree
from complaints.models import Macro
from complaints.models.macro import FIELDS
from complaints.roles import MAY_SUPERVISE


@admin.register(Macro)
class MacroAdmin(OffersTheTree, admin.ModelAdmin):
    list_display = ("name", "reason", "is_kept")
    list_filter = ("is_kept", ReasonFilter)
    list_select_related = ("reason",)
    ordering = ("name",)
    fields = ("name", "reason", "text_zh", "text_en", "is_kept")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        help_text = _("The facts of the case are filled in for %(known)s.") % {"known": known}
        return super().get_form(
            request, obj, change, help_texts={"text_zh": help_text, "text_en": help_text}, **kwargs
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("complaints.view_complaint")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_SUPERVISE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MAY_SUPERVISE)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
