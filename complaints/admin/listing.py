"""Long lists of the admin whose rows cost little: what all rows share is worked out once."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as as_django_says


class QuickChangeList(ChangeList):
    """Reads the columns that are shown, and knows the address of a row without asking for each."""

    model_admin: "QuickList"

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        meta = self.opts
        door = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=["0"])
        self._before, self._behind = door.rsplit("0", 1)
        if self.preserved_filters:  # asked for here, so that the tag needn't resolve the address of each row
            self._behind += f"?{self.preserved_filters}"
            self.preserved_filters = ""
        self.found_only = getattr(request, "found_only", 0)  # so many of more; 0 when they are all here

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = self.result_list.only(*self.model_admin.list_reads)

    def url_for_result(self, result: Model) -> str:
        return f"{self._before}{result.pk}{self._behind}"


class QuickList(admin.ModelAdmin):
    """``list_reads`` names the columns that a row needs, also those of related rows."""

    list_reads: tuple[str, ...] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QuickChangeList

    def action_checkbox(self, obj: Model) -> SafeString:
        """As the admin's own, without a template for each row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            as_django_says("Select this object for an action - {}").format(obj),
        )
