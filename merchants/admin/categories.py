"""The category tree: names in both languages, synonyms, kinds and order, edited by staff."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merchants import actions
from merchants.models import Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """The tree in its order; changing a name or synonym is followed by the search text of its shops."""

    list_display = (
        "name_zh",
        "name_en",
        "parent",
        "is_bookable",
        "is_sellable",
        "is_discovery_only",
        "shop_count",
        "position",
    )
    list_editable = ("position",)
    list_filter = ("is_discovery_only", "is_bookable", ("parent", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent",)
    list_max_show_all = 0
    search_fields = ("name_zh", "name_en", "slug", "synonyms")
    ordering = ("position", "pk")
    fields = (
        "parent",
        "slug",
        ("name_zh", "name_en"),
        "synonyms",
        "osm_tags",
        "icon",
        ("is_bookable", "is_sellable", "is_discovery_only"),
        "position",
    )
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(shops_here=Count("shops"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Two levels: only a root can be somebody's parent."""
        if db_field.name == "parent":
            kwargs["queryset"] = Category.objects.roots()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("shops"), ordering="shops_here")
    def shop_count(self, category: Category) -> int:
        return int(getattr(category, "shops_here", 0))

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        actions.save_category(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        """A category with shops or children stays; the database says so too."""
        if obj and (obj.shops.exists() or obj.children.exists()):
            return False
        return super().has_delete_permission(request, obj)
