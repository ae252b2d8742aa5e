"""The tree of reasons: managers name, order and retire them; nothing that cases refer to ever goes."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from complaints.models import Reason
from complaints.reasons.tree import reason_tree


class OffersTheTree(BaseModelAdmin):
    """A field for a reason offers the tree, set in by depth, with one question for all rows of a form."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.related_model is Reason:
            field.choices = reason_tree().choices(empty=None if field.required else "–", also_retired=True)
            for name in ("add", "change", "delete", "view"):  # the tree has its own page
                setattr(field.widget, f"can_{name}_related", False)
        return field


class InTreeOrder(ChangeList):
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Reason]) -> list[Any]:
        return ["place", "pk"]


@admin.register(Reason)
class ReasonAdmin(OffersTheTree, admin.ModelAdmin):
    list_display = ("in_its_place", "code", "position", "is_offered")
    list_display_links = ("in_its_place",)
    list_filter = ("is_retired",)
    list_max_show_all = 0
    show_full_result_count = False
    fields = ("parent", "code", "name_zh", "name_en", "position", "is_retired")
    search_fields = ("code", "name_zh", "name_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reason]:
        """In the order of the tree, each with its whole path."""
        tree = reason_tree()
        listed = tree.choices(also_retired=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                place=Case(*[When(code=code, then=place) for place, (code, _name) in enumerate(listed)]),
                path=Case(*[When(code=code, then=Value(tree.called(code))) for code, _name in listed]),
            )
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InTreeOrder

    @admin.display(description=_("name"))
    def in_its_place(self, reason: Reason) -> str:
        return str(reason.__dict__["path"])

    @admin.display(description=_("offered"), boolean=True)
    def is_offered(self, reason: Reason) -> bool:
        return not reason.is_retired

    def get_readonly_fields(self, request: HttpRequest, obj: Reason | None = None) -> Any:
        """A code stays: cases, deadlines and mappings of files name it."""
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
